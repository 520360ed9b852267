import { dayOf } from '../../shared/core/time'
import type { Category } from '../../shared/elder/words'
import type { Channel, Interval } from '../../shared/requirement/rules'
import type { Tx } from '../core/db'
import { idFrom } from '../core/ids'
import { settingsAt } from '../region/settings'

type Standard = { category: Category; interval: Interval; channels: readonly Channel[] }

/**
 * What a county begins with. Monthly visits in person or by telephone are what the plans of Wendeng and Zibo bind
 * themselves to; the weekly ones for the disabled and the dispersed poor are a placeholder until the county says its own.
 */
const STANDARD: readonly Standard[] = [
  { category: 'livingAlone', interval: 'month', channels: ['inPerson', 'phone'] },
  { category: 'emptyNest', interval: 'month', channels: ['inPerson', 'phone'] },
  { category: 'leftBehind', interval: 'month', channels: ['inPerson', 'phone'] },
  { category: 'specialFamily', interval: 'month', channels: ['inPerson', 'phone'] },
  { category: 'severeDisability', interval: 'month', channels: ['inPerson', 'phone'] },
  { category: 'disabled', interval: 'week', channels: ['inPerson'] },
  { category: 'poor', interval: 'week', channels: ['inPerson'] },
]

/** Gives a region the requirements to begin with, from this day on. Asked again it changes nothing. */
export async function addStandardRequirements(tx: Tx, regionId: string, at: Date): Promise<void> {
  const region = await tx.region.findUniqueOrThrow({ where: { id: regionId } })
  const { visitSecondsMin } = await settingsAt(tx, region.path, dayOf(at))
  for (const { category, interval, channels } of STANDARD) {
    const id = idFrom('requirement', regionId, category, interval)
    await tx.requirement.upsert({
      where: { id },
      create: {
        id,
        regionId,
        regionPath: region.path,
        category,
        interval,
        channels: channels.join(','),
        minSeconds: visitSecondsMin,
        validFrom: dayOf(at),
        validTo: null,
      },
      update: {},
    })
  }
}
