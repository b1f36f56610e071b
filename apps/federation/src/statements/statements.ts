import { Injectable } from '@nestjs/common';
import { Not, type EntityManager } from 'typeorm';
import {
  decodeBase64url,
  encodeBase64url,
  isSignedBy,
  parseStrictObject,
  TOKEN_JSON_BOUNDS,
  type JsonObject,
} from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';
import { Clock, GatewayError, ServiceLog, type ErrorCode } from '#libs/platform';
import { DocumentStore } from '../documents/document-store.js';
import { Documents } from '../documents/documents.js';
import { DocumentEntity } from '../documents/document.entity.js';
import { statementKeysOf } from '../documents/signing-panel.js';
import { DocumentSignatures } from '../documents/document-signatures.js';
import { SerialWrites } from '../heads/serial-writes.js';
import { readStatement, type Statement } from './read-statement.js';
import { StatementEntity } from './statement.entity.js';

/** `accepted: false` is final: the same statement will never be taken. */
export type StatementOutcome =
  { readonly accepted: true; readonly digest: string } | { readonly accepted: false; readonly code: ErrorCode };

/** A county's clock may be ahead by so much. */
const CLOCK_SKEW_SECONDS = 300;

/** What may be different once the alliance has moved on: to be sent again, over whatever way. */
const TRY_AGAIN: ReadonlySet<ErrorCode> = new Set(['STATEMENT_NOT_YET', 'FEDERATION_NOT_OPEN', 'KEY_STILL_NEEDED']);

/** Takes in what counties say through their outbox: the same statement, over bus or HTTPS, as often as it comes. */
@Injectable()
export class Statements {
  constructor(
    private readonly writes: SerialWrites,
    private readonly clock: Clock,
    private readonly store: DocumentStore,
    private readonly documents: Documents,
    private readonly signatures: DocumentSignatures,
    private readonly log: ServiceLog,
  ) {}

  /**
   * Verifies a statement with its member's key and does what it says, once.
   * @param token compact JWS
   * @throws GatewayError STATEMENT_NOT_YET when it is about something that may still come (a member or document that is not
   *   complete or filed here yet, a federation not open yet, new signatures of what a key that is left out has signed):
   *   nothing is kept, and it should be sent again
   */
  async submit(token: string): Promise<StatementOutcome> {
    try {
      return { accepted: true, digest: await this.writes.run((manager) => this.take(manager, token)) };
    } catch (error) {
      if (!(error instanceof GatewayError) || error.code === 'INTERNAL') throw error;
      if (TRY_AGAIN.has(error.code)) throw new GatewayError('STATEMENT_NOT_YET');
      this.log.info('statement.refused', { code: error.code });
      return { accepted: false, code: error.code };
    }
  }

  private async take(manager: EntityManager, token: string): Promise<string> {
    const statement = readStatement(token);
    if (statement === undefined || statement.iat > this.clock.now() + CLOCK_SKEW_SECONDS)
      throw new GatewayError('STATEMENT_REFUSED');
    await this.verify(manager, statement);
    const { iss, jti } = statement;
    const contentDigest = encodeBase64url(await nodeCrypto.sha256(statement.jws.signingInput));
    const before = await manager.findOneBy(StatementEntity, { issuer: iss, jti });
    if (before !== null) {
      if (before.contentDigest !== contentDigest) throw new GatewayError('STATEMENT_REUSED');
      return before.documentDigest;
    }
    const documentDigest = await this.carryOut(manager, statement);
    const { kind } = statement.body;
    const receivedAt = this.clock.now();
    await manager.insert(StatementEntity, { issuer: iss, jti, contentDigest, kind, documentDigest, receivedAt });
    return documentDigest;
  }

  private async verify(manager: EntityManager, { iss, jws }: Statement): Promise<void> {
    const member = (await this.store.standing(manager)).member(iss);
    if (member === undefined) throw new GatewayError('STATEMENT_NOT_YET');
    const signatory = jws.kid === undefined ? undefined : (await statementKeysOf(member, nodeCrypto)).get(jws.kid);
    if (signatory?.maySign !== true) throw new GatewayError('STATEMENT_REFUSED');
    const { alg, jwk } = signatory.key;
    const key = await nodeCrypto.importPublicKey(alg, jwk).catch(() => undefined);
    if (key === undefined || !(await isSignedBy(jws, key, nodeCrypto))) throw new GatewayError('STATEMENT_REFUSED');
  }

  /** @returns the digest of the document it is about */
  private async carryOut(manager: EntityManager, { iss, body }: Statement): Promise<string> {
    const actor = `member:${iss}`;
    if (body.kind === 'scheme-declaration') return this.declare(manager, iss, body, actor);
    const { digest, signature } = body;
    if (!(await manager.existsBy(DocumentEntity, { digest, state: Not('draft') })))
      throw new GatewayError('STATEMENT_NOT_YET');
    await this.signatures.add(manager, { digest, signature, organisation: iss }, actor);
    return digest;
  }

  private async declare(
    manager: EntityManager,
    iss: string,
    { payload, signature }: { readonly payload: string; readonly signature: string },
    actor: string,
  ): Promise<string> {
    const scheme = readPayload(payload);
    if (scheme?.['type'] !== 'scheme' || scheme['member'] !== iss) throw new GatewayError('STATEMENT_REFUSED');
    const digest = await this.documents.fileWithin(manager, { payload: scheme }, actor);
    await this.signatures.add(manager, { digest, signature, organisation: iss }, actor);
    return digest;
  }
}

function readPayload(text: string): JsonObject | undefined {
  const bytes = decodeBase64url(text);
  const parsed = bytes && parseStrictObject(bytes, TOKEN_JSON_BOUNDS);
  return parsed?.ok === true ? parsed.value : undefined;
}
