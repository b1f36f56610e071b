import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiBearerAuth } from '@nestjs/swagger';
import { Problems, PUBLIC_ROUTE } from '#libs/platform';

/** Who may call a route. */
export type RouteAccess = { readonly kind: 'public' } | { readonly kind: 'staff'; readonly anyOf: readonly string[] };

const STAFF_ROLES = 'xinqiao:staff-roles';

/** Opens a route, or every route of a controller, to staff who hold at least one of the roles. */
export function Roles(first: string, ...others: readonly string[]): MethodDecorator & ClassDecorator {
  return applyDecorators(
    SetMetadata(STAFF_ROLES, [first, ...others]),
    ApiBearerAuth('staff'),
    Problems('STAFF_TOKEN_MISSING', 'STAFF_TOKEN_INVALID', 'STAFF_ROLE_MISSING'),
  );
}

/** Opens a route to everyone who is signed in, whatever the role. */
export function AnyStaff(): MethodDecorator & ClassDecorator {
  return applyDecorators(
    SetMetadata(STAFF_ROLES, []),
    ApiBearerAuth('staff'),
    Problems('STAFF_TOKEN_MISSING', 'STAFF_TOKEN_INVALID'),
  );
}

/** What a handler says about its access, else what its controller says; undefined when neither says anything. */
export function declaredAccess(controller: object, handler: object): RouteAccess | undefined {
  return accessOn(handler) ?? accessOn(controller);
}

function accessOn(target: object): RouteAccess | undefined {
  const isPublic: unknown = Reflect.getMetadata(PUBLIC_ROUTE, target);
  const anyOf: unknown = Reflect.getMetadata(STAFF_ROLES, target);
  // Both on one target is a contradiction; the stricter one holds.
  if (Array.isArray(anyOf)) return { kind: 'staff', anyOf: anyOf.map(String) };
  return isPublic === true ? { kind: 'public' } : undefined;
}
