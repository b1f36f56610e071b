import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { GatewayError } from '#libs/platform';
import { readFormBody } from './read-vp-token.js';

const FORM = 'application/x-www-form-urlencoded';
const RESPONSE_ROUTE = '/v1/verification-sessions/:id/response';

/** Wallets answer with a form post (OpenID4VP 1.0 §8.2); every other route goes on refusing forms. */
export function acceptFormPosts(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addContentTypeParser(FORM, { parseAs: 'string' }, (request, body, done) => {
    if (request.routeOptions.url !== RESPONSE_ROUTE) {
      done(new GatewayError('MEDIA_TYPE_UNSUPPORTED'));
      return;
    }
    try {
      done(null, readFormBody(body.toString()));
    } catch (error) {
      done(error instanceof Error ? error : new GatewayError('BODY_INVALID'));
    }
  });
}
