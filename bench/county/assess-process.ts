import type { CountyConfig } from '#apps/county';
import { assessYear } from './assess-year.js';
import { openStand } from './county-stand.js';

/** A county process that assesses everybody once and tells how much memory it took at the most, in bytes. */
const stand = await openStand(JSON.parse(process.argv[2] ?? '') as CountyConfig);
await assessYear(stand.county);
await stand.close();
process.send?.(process.resourceUsage().maxRSS * 1024, () => process.disconnect());
