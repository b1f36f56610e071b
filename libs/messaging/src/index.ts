export { attachBus } from './attach-bus.js';
export { BusDeliverer, type BusDelivererOptions } from './bus-deliverer.js';
export { BUS_ENVIRONMENT, busConfig } from './bus-environment.js';
export type { BusOptions } from './bus-options.js';
export { Bus } from './bus.js';
export { BusModule } from './bus.module.js';
export type { Deliverer, DeliveryOutcome, MessagePayload, OutboxMessage } from './deliverer.js';
export { HttpDeliverer, type HttpDelivererOptions } from './http-deliverer.js';
export { MessagingError, type MessagingErrorCode } from './messaging-error.js';
export { outboxEntities, outboxMigrations } from './outbox-schema.js';
export { OutboxRelay, type RelayEvent, type RelayOptions } from './outbox-relay.js';
export { type Backlog, type MessageState, Outbox, type RejectedMessage } from './outbox.js';
export {
  HEAD_PUBLISHED,
  type HeadPublishedHint,
  STATEMENT_SUBMIT,
  type StatementSubmitReply,
  type StatementSubmitRequest,
  STATUS_CHANGED,
  type StatusChangedHint,
} from './patterns.js';
