import { Injectable, type PipeTransform } from '@nestjs/common';
import { GatewayError } from '#libs/platform';

/** For routes that take nothing: no body, or `{}`. What is not understood is refused, here as everywhere. */
@Injectable()
export class EmptyBodyPipe implements PipeTransform<unknown, undefined> {
  /** @throws GatewayError BODY_INVALID */
  transform(body: unknown): undefined {
    if (body === undefined || body === null) return;
    if (typeof body === 'object' && !Array.isArray(body) && Object.keys(body).length === 0) return;
    throw new GatewayError('BODY_INVALID', { fields: [{ path: '', message: 'must be empty' }] });
  }
}
