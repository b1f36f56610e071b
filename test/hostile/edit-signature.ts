import { createHmac } from 'node:crypto';
import type { Edits } from './recipe.js';
import type { ValueReader } from './values.js';

const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** Applies edits to the raw bytes of a signature. */
export function editSignature(signature: Buffer, signingInput: string, edits: Edits, valueOf: ValueReader): Buffer {
  return edits.all().reduce((bytes, { act, using }) => {
    const [r, s] = [bytes.subarray(0, 32), bytes.subarray(32)];
    switch (act) {
      case 'flip-s':
        return Buffer.concat([r, flipped(s)]);
      case 'swap-halves':
        return Buffer.concat([s, r]);
      case 'zero':
        return Buffer.alloc(64);
      case 'order':
        return Buffer.concat([r, bytesOf(ORDER)]);
      case 'beyond-order':
        return Buffer.concat([r, bytesOf((BigInt(`0x${s.toString('hex')}`) + ORDER) & ((1n << 256n) - 1n))]);
      case 'der':
        return derOf(r, s);
      case 'flip-bit':
        return Buffer.from(bytes.map((byte, index) => (index === 40 ? byte ^ 1 : byte)));
      case 'resize':
        return Buffer.concat([bytes, Buffer.alloc(64)]).subarray(0, Number(using[0]));
      case 'empty':
        return Buffer.alloc(0);
      case 'hmac':
        return createHmac('sha256', JSON.stringify(valueOf(using[0]!)))
          .update(signingInput)
          .digest();
      default:
        throw new RangeError(`no such edit of a signature: ${act}`);
    }
  }, signature);
}

function flipped(s: Buffer): Buffer {
  return bytesOf(ORDER - BigInt(`0x${s.toString('hex')}`));
}

function bytesOf(value: bigint): Buffer {
  return Buffer.from(value.toString(16).padStart(64, '0'), 'hex');
}

function derOf(...numbers: readonly Buffer[]): Buffer {
  const parts = numbers.map((number) => {
    const body = number[0]! >= 0x80 ? Buffer.concat([Buffer.from([0]), number]) : number;
    return Buffer.concat([Buffer.from([0x02, body.length]), body]);
  });
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([0x30, body.length]), body]);
}
