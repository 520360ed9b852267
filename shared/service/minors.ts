import type { RefusalCode } from '../core/refusals'
import type { Day } from '../core/time'
import { ageOn } from '../person/rules'

/**
 * Why somebody under age can't go to an elder alone on a day, or null: group activities only (山东省志愿服务条例 10). Whose birth
 * date nobody wrote down is taken for grown up.
 *
 * @param minorsAloneFromAge the setting of the place, in whole years
 */
export function whyNotAlone(
  birthDate: Day | null,
  service: { traits: string },
  day: Day,
  minorsAloneFromAge: number,
): RefusalCode | null {
  if (birthDate === null || ageOn(birthDate, day) >= minorsAloneFromAge) return null
  return service.traits.split(',').includes('group') ? null : 'MINOR_ALONE'
}
