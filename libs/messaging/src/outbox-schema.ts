import { CreateOutbox1795000100000 } from './create-outbox.migration.js';
import { OutboxMessageEntity } from './outbox-message.entity.js';

/** For `databaseModule` of an app that has an outbox. */
export const outboxEntities = [OutboxMessageEntity] as const;
export const outboxMigrations = [CreateOutbox1795000100000] as const;
