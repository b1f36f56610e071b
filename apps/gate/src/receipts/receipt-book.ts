import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { VerificationKey } from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';
import { GatewayError } from '#libs/platform';
import {
  readReceipt,
  replayReceipt,
  signReceipt,
  type ReceiptPayload,
  type ReceiptRecord,
  type Replay,
} from '#libs/verifier';
import { TrustKeeper } from '../trust/trust-keeper.js';
import { TrustStore } from '../trust/trust-store.js';
import { ReceiptKeys } from './receipt-keys.js';
import { VerificationEntity } from './verification.entity.js';

/** Signs receipts and the records that follow them, keeps them, and replays them from kept documents. */
@Injectable()
export class ReceiptBook {
  constructor(
    private readonly database: DataSource,
    private readonly keys: ReceiptKeys,
    private readonly documents: TrustStore,
    private readonly trust: TrustKeeper,
  ) {}

  sign(partner: string, record: ReceiptRecord): Promise<string> {
    return signReceipt(record, this.keys.signerOf(partner), nodeCrypto);
  }

  /** @throws GatewayError NOT_FOUND */
  async find(id: string): Promise<VerificationEntity> {
    const found = await this.database.manager.findOneBy(VerificationEntity, { id });
    if (found === null) throw new GatewayError('NOT_FOUND');
    return found;
  }

  /** The row, held for this transaction, so that what is signed about it comes one after the other. @throws GatewayError NOT_FOUND */
  async hold(manager: EntityManager, id: string): Promise<VerificationEntity> {
    const found = await manager.findOne(VerificationEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
    if (found === null) throw new GatewayError('NOT_FOUND');
    return found;
  }

  /** Decides again from what the receipt recorded and the documents kept (design §4.6). @throws GatewayError RECEIPT_DAMAGED */
  async replay({ partner, receipt }: VerificationEntity): Promise<Replay> {
    return replayReceipt(await this.read(partner, receipt), (digest) => this.documents.payloadOf(digest));
  }

  /** The order a verification was for, as its receipt says. @throws GatewayError RECEIPT_DAMAGED */
  async orderRefOf({ partner, receipt }: VerificationEntity): Promise<string | undefined> {
    return (await this.read(partner, receipt)).facts.orderRef;
  }

  private async read(partner: string, token: string): Promise<ReceiptPayload> {
    const receipt = await readReceipt(token, (kid) => this.keyOf(partner, kid), nodeCrypto);
    if (!receipt.ok || receipt.value.kind !== 'decision') throw new GatewayError('RECEIPT_DAMAGED');
    return receipt.value;
  }

  /** The partner's present key, or an earlier one that its document still lists. */
  private async keyOf(partner: string, kid: string): Promise<VerificationKey | undefined> {
    const signer = this.keys.signerOf(partner);
    if (kid === signer.kid) return nodeCrypto.importPublicKey(signer.key.suite, signer.publicJwk);
    const listed = this.trust.current()?.key(kid);
    const isOurs = listed?.purpose === 'receipt' && listed.owner.id === partner && listed.status !== 'compromised';
    return isOurs ? listed.verificationKey() : undefined;
  }
}
