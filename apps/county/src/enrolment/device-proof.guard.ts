import { type CanActivate, createParamDecorator, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { isNumericDate, isSignedBy, type ParsedJws, parseCompactJws } from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';
import { Clock, GatewayError } from '#libs/platform';
import { COUNTY_CONFIG, type CountyConfig } from '../county.config.js';
import { deviceKeyOf, Enrolments } from './enrolments.service.js';
import { Nonces } from './nonces.service.js';

export const DEVICE_PROOF_TYP = 'xinqiao-device-proof+jwt';

/** Who the enrolled phone speaks for. */
export interface EnrolledResident {
  readonly enrolmentId: string;
  readonly residentId: string;
}

const CLAIMS = ['aud', 'htm', 'htu', 'iat', 'iss', 'nonce'];
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const OLDEST_SECONDS = 300;
const AHEAD_SECONDS = 30;

const admitted = new WeakMap<object, EnrolledResident>();

/**
 * Lets through who proves, for this very request, possession of the key of a live enrolment: the refresh credential bound to
 * the key (design §4.1; shaped after RFC 9449 §4). Routes behind it are `@PublicRoute()` for the staff guard. Every
 * failure is one answer, DEVICE_PROOF_REFUSED.
 */
@Injectable()
export class DeviceProofGuard implements CanActivate {
  constructor(
    private readonly enrolments: Enrolments,
    private readonly nonces: Nonces,
    private readonly clock: Clock,
    @Inject(COUNTY_CONFIG) private readonly config: CountyConfig,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const resident = await this.resolve(request);
    if (resident === undefined) throw new GatewayError('DEVICE_PROOF_REFUSED');
    admitted.set(request, resident);
    return true;
  }

  private async resolve(request: FastifyRequest): Promise<EnrolledResident | undefined> {
    const token = /^DeviceProof ([\w.-]{1,4096})$/.exec(request.headers.authorization ?? '')?.[1];
    const parsed = token === undefined ? undefined : parseCompactJws(token, { typ: DEVICE_PROOF_TYP });
    if (!parsed?.ok || !this.fits(parsed.value, request)) return undefined;
    const { iss, nonce } = parsed.value.payload;
    if (typeof iss !== 'string' || !UUID.test(iss) || typeof nonce !== 'string') return undefined;
    const enrolment = await this.enrolments.findLive(iss);
    if (enrolment === null) return undefined;
    const key = await nodeCrypto.importPublicKey('ES256', deviceKeyOf(enrolment));
    if (!(await isSignedBy(parsed.value, key, nodeCrypto))) return undefined;
    // Last, so that only the phone itself can use a nonce up.
    if (!(await this.nonces.use(nonce))) return undefined;
    return { enrolmentId: enrolment.id, residentId: enrolment.residentId };
  }

  /** Exact header and claims, made for this county, this method and path, and now. */
  private fits({ header, payload }: ParsedJws, request: FastifyRequest): boolean {
    if (Object.keys(header).toSorted().join() !== 'alg,typ') return false;
    if (Object.keys(payload).toSorted().join() !== CLAIMS.join()) return false;
    const { aud, htm, htu, iat } = payload;
    if (aud !== this.config.id || htm !== request.method || htu !== request.url.split('?')[0]) return false;
    const now = this.clock.now();
    return isNumericDate(iat) && iat >= now - OLDEST_SECONDS && iat <= now + AHEAD_SECONDS;
  }
}

/** Hands the resident whose phone was proven to a handler behind `DeviceProofGuard`. */
export const CurrentResident = createParamDecorator((_data: unknown, context: ExecutionContext) => {
  const resident = admitted.get(context.switchToHttp().getRequest<object>());
  if (resident === undefined) throw new GatewayError('DEVICE_PROOF_REFUSED');
  return resident;
});
