import { SetMetadata } from '@nestjs/common';

export const PUBLIC_ROUTE = 'xinqiao:public-route';

/** Opens a route, or every route of a controller, to anyone. Without it `libs/staff` asks for a staff token. */
export const PublicRoute = (): MethodDecorator & ClassDecorator => SetMetadata(PUBLIC_ROUTE, true);
