// A place where people come together, with a plate at its door.
import { randomUUID } from 'node:crypto'
import { issuePlates } from '../../server/plate/issue'
import { tokenOfPlate } from '../../server/plate/queries'
import type { World } from './world'

export type Site = { id: string; plateId: string; code: string }

export async function newSitePlate(
  world: Pick<World, 'db' | 'keys' | 'clock' | 'staff' | 'places'>,
  name: string,
): Promise<Site> {
  const { db, keys, clock, places } = world
  const { village, town } = places
  const staff = await world.staff('townStaff', town)
  const { id } = await db.organisation.create({
    data: {
      ...{ id: randomUUID(), kind: 'mutualAidPoint', regionId: village.id, regionPath: village.path, name },
      ...{ countyId: village.countyId as string, code: '', address: '村东头', phone: '', openingHours: '8:00–17:00' },
      ...{ needs: 'living', active: true, source: 'desk', byPersonId: staff.personId, recordedAt: clock.now },
    },
  })
  const plates = [{ kind: 'site' as const, organisationId: id, label: '门口' }]
  const [plateId = ''] = (await issuePlates(db, keys, staff, { batchId: randomUUID(), plates }, clock.now)).ids
  const token = tokenOfPlate(keys, await db.plate.findUniqueOrThrow({ where: { id: plateId } }))
  return { id, plateId, code: `https://mulin.example/d/${token}` }
}
