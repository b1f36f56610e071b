import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { GatewayError } from '#libs/platform';
import { rememberStaff } from './current-staff.js';
import { grantsFor } from './grants.js';
import type { RouteAccess } from './route-access.js';
import { RouteRegister } from './route-register.js';
import { StaffSessions } from './staff-sessions.js';

/** Stands before every HTTP route and lets nobody through unless the route says so (RFC 6750 §2.1 for the token). */
@Injectable()
export class StaffGuard implements CanActivate {
  constructor(
    private readonly routes: RouteRegister,
    private readonly sessions: StaffSessions,
  ) {}

  /** Answers at once for a public route: the gate's verification route passes here. */
  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    // Messages on the bus carry signed payloads, checked by their handlers; no staff member sends them.
    if (context.getType() === 'rpc') return true;
    const access = this.routes.find(context.getClass(), context.getHandler());
    if (access === undefined) return false;
    if (access.kind === 'public') return true;
    return this.admit(context.switchToHttp().getRequest<FastifyRequest>(), access);
  }

  private async admit(request: FastifyRequest, { anyOf }: Extract<RouteAccess, { kind: 'staff' }>): Promise<true> {
    const token = bearerTokenOf(request);
    if (token === undefined) throw new GatewayError('STAFF_TOKEN_MISSING');
    const staff = await this.sessions.staffOf(token).catch(cannotTell);
    if (staff === undefined) throw new GatewayError('STAFF_TOKEN_INVALID');
    const grants = grantsFor(staff, anyOf);
    if (anyOf.length > 0 && grants.length === 0) throw new GatewayError('STAFF_ROLE_MISSING');
    rememberStaff(request, { staff: { ...staff, grants }, token });
    return true;
  }
}

/** Without its database the service cannot tell who asks: it is not ready, which is not the caller's fault nor a defect. */
function cannotTell(cause: unknown): never {
  throw cause instanceof GatewayError ? cause : new GatewayError('NOT_READY', { cause });
}

function bearerTokenOf({ headers: { authorization } }: FastifyRequest): string | undefined {
  return /^Bearer ([\w.~+/-]{1,200}=*)$/i.exec(authorization ?? '')?.[1];
}
