export { addDays, isCalendarDay, shanghaiDay, shanghaiDayStart, weeklyEpoch } from './shanghai-day.js';
