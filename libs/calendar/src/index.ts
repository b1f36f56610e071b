export { shanghaiDay, shanghaiDayStart, weeklyEpoch } from './shanghai-day.js';
