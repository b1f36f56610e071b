import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { documentTyp, parsePayload, type PayloadOf, signDocument, type SignedType } from '#libs/alliance';
import { canonicalJson, encodeBase64url, type JsonObject, signCompactJws, signDetachedJws } from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';
import { Outbox } from '#libs/messaging';
import { Clock, GatewayError } from '#libs/platform';
import { type SchemeDeclaration, schemeDeclaration } from '#libs/scheme';
import { AuditTrail } from '#libs/staff';
import { COUNTY_CONFIG, type CountyConfig } from '../county.config.js';
import { CountyKeys } from '../county-keys.js';
import { CountySchemes } from '../schemes/county-schemes.js';
import {
  checkCountersignature,
  isSignable,
  type SignableDocument,
  type SigningCounty,
} from './check-countersignature.js';
import { CountersignatureEntity } from './countersignature.entity.js';
import { SchemeDeclarationEntity } from './scheme-declaration.entity.js';

/** What was put on its way to the federation. */
export interface Sent {
  /** The statement's `jti`: the same for the same content, so that a repeat is harmless. */
  readonly statement: string;
  /** Of the document that was declared or signed. */
  readonly digest: string;
}

const STATEMENT_TYP = 'xinqiao-statement+jwt';
const OUTBOX_KIND = 'statement';

/** What the county says to the federation, through the transactional outbox: declared schemes, and its signatures. */
@Injectable()
export class CountyStatements {
  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
    private readonly audit: AuditTrail,
    private readonly schemes: CountySchemes,
    private readonly keys: CountyKeys,
    private readonly outbox: Outbox,
    @Inject(COUNTY_CONFIG) private readonly config: CountyConfig,
  ) {}

  /**
   * Declares the scheme this county grades by: its grades and fingerprint, no threshold, rule or score.
   * @throws GatewayError SCHEME_NOT_EXPORTED
   */
  async declareScheme(actor: string): Promise<Sent> {
    const declaration = await schemeDeclaration((await this.schemes.exported()).document, this.config.id, nodeCrypto);
    const { payload, signatures } = await signDocument('scheme', declaration, [this.keys.statement], nodeCrypto);
    const [signature = ''] = signatures;
    const digest = await digestOf(Buffer.from(payload, 'base64url'));
    return this.database.transaction(async (manager) => {
      await this.rememberDeclaration(manager, declaration, digest);
      const statement = await this.send(manager, 'scheme-declaration', digest, { payload, signature });
      await this.audit.record(manager, {
        actor,
        action: 'scheme.declared',
        target: declaration.id,
        detail: { digest },
      });
      return { statement, digest };
    });
  }

  /**
   * Signs a document of the alliance as this county: a table of a scheme it declared, a partner it hosts, an offer of such a
   * partner; again, with its present key, a scheme that it declared at any time.
   * @param payload untrusted; its members as in docs/wire.md, `type` included
   * @throws GatewayError COUNTERSIGNATURE_REFUSED with the faults by path
   */
  async countersign(payload: JsonObject, actor: string): Promise<Sent> {
    const bytes = canonicalBytes(payload);
    const document = await this.checked(bytes);
    const digest = await digestOf(bytes);
    const typ = documentTyp(document.type);
    const signature = await signDetachedJws(typ, encodeBase64url(bytes), this.keys.statement, nodeCrypto);
    const { type, id: documentId } = document;
    const version = document.type === 'scheme' ? 1 : document.version;
    return this.database.transaction(async (manager) => {
      const row = { digest, type, documentId, version, payload, signedBy: actor, signedAt: this.clock.now() };
      await manager.createQueryBuilder().insert().into(CountersignatureEntity).values(row).orIgnore().execute();
      const statement = await this.send(manager, 'document-signature', digest, { digest, signature });
      const detail = { type, version, digest };
      await this.audit.record(manager, { actor, action: 'document.countersigned', target: documentId, detail });
      return { statement, digest };
    });
  }

  private async checked(bytes: Uint8Array): Promise<SignableDocument> {
    const parsed = parsePayload(bytes);
    if (!parsed.ok) throw refused([{ path: '/payload', message: `not a document of the alliance (${parsed.fault})` }]);
    const document: PayloadOf[SignedType] = parsed.value;
    const faults = await checkCountersignature(document, await digestOf(bytes), this.county);
    if (faults.length > 0 || !isSignable(document)) throw refused(faults);
    return document;
  }

  private get county(): SigningCounty {
    const { manager } = this.database;
    return {
      id: this.config.id,
      declaration: async (schemeId, fingerprint) =>
        (await manager.findOneBy(SchemeDeclarationEntity, { schemeId, fingerprint }))?.payload,
      hasDeclared: (digest) => manager.existsBy(SchemeDeclarationEntity, { digest }),
      hosts: (documentId) => manager.existsBy(CountersignatureEntity, { type: 'partner', documentId }),
    };
  }

  private async rememberDeclaration(manager: EntityManager, payload: SchemeDeclaration, digest: string): Promise<void> {
    const { id: schemeId, fingerprint } = payload;
    const row = { schemeId, fingerprint, digest, payload, declaredAt: this.clock.now() };
    await manager.createQueryBuilder().insert().into(SchemeDeclarationEntity).values(row).orIgnore().execute();
  }

  /**
   * Puts a statement into the outbox. Its `jti` follows from what is said and by which key, not from the signature (ECDSA
   * signs anew each time); said again, it is the same message, and one the federation refused is offered once more.
   */
  private async send(manager: EntityManager, kind: string, digest: string, body: JsonObject): Promise<string> {
    const { id: iss } = this.config;
    const jti = await digestOf(canonicalJson({ iss, kind, digest, kid: this.keys.statement.kid }));
    const claims = { iss, iat: this.clock.now(), jti, kind, body };
    const jws = await signCompactJws(STATEMENT_TYP, claims, this.keys.statement, nodeCrypto);
    const isNew = await this.outbox.enqueue(manager, { id: jti, kind: OUTBOX_KIND, payload: { jws } });
    if (!isNew) await this.outbox.reopen(manager, jti);
    return jti;
  }
}

/** What has no canonical form (a lone surrogate, a number beyond the safe integers) is no document to sign. */
function canonicalBytes(payload: JsonObject): Uint8Array {
  try {
    return canonicalJson(payload);
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw refused([{ path: '/payload', message: 'has no canonical form (RFC 8785)' }]);
  }
}

async function digestOf(bytes: Uint8Array): Promise<string> {
  return encodeBase64url(await nodeCrypto.sha256(bytes));
}

function refused(fields: NonNullable<GatewayError['fields']>): GatewayError {
  return new GatewayError('COUNTERSIGNATURE_REFUSED', { fields });
}
