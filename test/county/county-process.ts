import 'reflect-metadata';
import { type CountyConfig, startCounty } from '#apps/county';

/** A county service as a process of its own (`fork-county.ts` starts it); it ends when its parent lets go of it or is gone. */
const [config, instant] = JSON.parse(process.argv[2] ?? '') as [CountyConfig, number];
const county = await startCounty(config, { now: () => instant });
process.once('disconnect', () => void county.close());
process.send?.({ url: county.url, pid: process.pid });
