import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { PATH_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { declaredAccess, type RouteAccess } from './route-access.js';
import { STAFF_OPTIONS, type StaffOptions } from './staff-options.js';

/**
 * Knows the access of every route, read once at boot, so that a request costs two look-ups. A route without
 * `@PublicRoute`, `@Roles` or `@AnyStaff`, or with a role the app does not know, stops the boot: nobody forgets.
 */
@Injectable()
export class RouteRegister implements OnModuleInit {
  private readonly routes = new Map<object, Map<object, RouteAccess>>();

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    @Inject(STAFF_OPTIONS) private readonly options: StaffOptions,
  ) {}

  /** @throws Error naming every route that says nothing about its access, or names an unknown role */
  onModuleInit(): void {
    const faults = this.discovery
      .getControllers()
      .flatMap(({ metatype }) => (typeof metatype === 'function' ? this.enter(metatype) : []));
    if (faults.length > 0) throw new Error(`routes without a valid access: ${faults.join(', ')}`);
  }

  /** Undefined for a route that was not there at boot: the guard refuses it. */
  find(controller: object, handler: object): RouteAccess | undefined {
    return this.routes.get(controller)?.get(handler);
  }

  /** @returns the faulty routes of a controller */
  private enter(controller: { readonly name: string; readonly prototype?: unknown }): readonly string[] {
    const prototype = controller.prototype;
    if (typeof prototype !== 'object' || prototype === null) return [];
    const routes = new Map<object, RouteAccess>();
    this.routes.set(controller, routes);
    return this.scanner.getAllMethodNames(prototype).flatMap((name) => {
      const handler: unknown = Reflect.get(prototype, name);
      if (typeof handler !== 'function' || !Reflect.hasMetadata(PATH_METADATA, handler)) return [];
      const access = declaredAccess(controller, handler);
      if (access === undefined || !this.knowsRolesOf(access)) return [`${controller.name}.${name}`];
      routes.set(handler, access);
      return [];
    });
  }

  private knowsRolesOf(access: RouteAccess): boolean {
    return access.kind === 'public' || access.anyOf.every((role) => this.options.roles.includes(role));
  }
}
