// What the measurements work on: helpers, elders and plates for the main job.
import { randomUUID } from 'node:crypto'
import { mintPlateToken, newCodeId, printedNumber } from '../server/core/code-tokens'
import type { Keys } from '../server/core/config'
import type { Db } from '../server/core/db'
import { addPersons, sealerFor } from '../server/person/vault'
import { addStandardRequirements } from '../server/requirement/standard'
import { STANDARD_SCHEME } from '../shared/scheme/standard'

const LONG_AGO = new Date('2026-01-01T00:00:00Z')
const HOME = { lat: 37.0651, lon: 122.0578 }
export const PLACE = { ...HOME, accuracyMetres: 10, datum: 'WGS-84' as const }

export type Pair = {
  helperPersonId: string
  helperSession: string
  elderPersonId: string
  elderSession: string
  elderId: string
  code: string
  serviceId: string
}
type Region = { id: string; path: string; countyId: string | null }

/** One county with towns and villages, its programme, rules and one service. */
export async function addCounty(
  db: Db,
  towns: number,
  villagesPerTown: number,
): Promise<{ county: Region; villages: Region[]; serviceId: string; programmeId: string }> {
  let no = 0
  const rows: {
    id: string
    no: number
    path: string
    countyId: string | null
    kind: string
    parentId: string | null
  }[] = []
  const add = (kind: string, above: (typeof rows)[number] | null) => {
    no += 1
    const id = randomUUID()
    const row = {
      id,
      no,
      path: `${above?.path ?? '/'}${no}/`,
      countyId: kind === 'county' ? id : (above?.countyId ?? null),
      kind,
      parentId: above?.id ?? null,
    }
    rows.push(row)
    return row
  }
  const county = add('county', add('city', add('province', null)))
  const villages = Array.from({ length: towns }, () => add('town', county)).flatMap((town) =>
    Array.from({ length: villagesPerTown }, () => add('village', town)),
  )
  await db.regionKind.createMany({
    data: ['province', 'city', 'county', 'town', 'village'].map((code, level) => ({
      code,
      name: code,
      level: level + 1,
    })),
  })
  await db.region.createMany({
    data: rows.map((row) => ({
      ...row,
      code: `9${row.no}`,
      name: `地方${row.no}`,
      fullName: `地方${row.no}`,
      validFrom: '2020-01-01',
      validTo: null,
    })),
  })
  const programmeId = randomUUID()
  await db.programme.create({ data: { id: programmeId, regionId: county.id, code: 'bench', name: '测量' } })
  await db.scheme.create({
    data: {
      id: randomUUID(),
      programmeId,
      regionId: county.id,
      regionPath: county.path,
      version: 1,
      validFrom: '2026-01-01',
      document: JSON.stringify(STANDARD_SCHEME),
      publishedAt: LONG_AGO,
    },
  })
  const serviceId = randomUUID()
  await db.service.create({
    data: {
      id: serviceId,
      code: 'cleaning',
      name: '打扫卫生',
      icon: 'broom',
      plannedSeconds: 3600,
      natures: 'volunteer',
      trainingNeeded: null,
      tierFromAge: null,
      tierBelowAge: null,
      tasks: '[]',
      sortNo: 1,
      active: true,
      regionId: county.id,
      regionPath: county.path,
    },
  })
  await db.$transaction((tx) => addStandardRequirements(tx, county.id, LONG_AGO))
  await db.meta.create({ data: { key: 'kind', value: 'demo' } })
  return { county, villages, serviceId, programmeId }
}

/** Helpers and elders, two by two, all logged in; the same people do the same work on both databases. */
export async function addPairs(db: Db, keys: Keys, count: number, village: Region, serviceId: string): Promise<Pair[]> {
  const far = new Date('2100-01-01T00:00:00Z')
  const person = (phone: number) => ({
    name: '测试甲',
    sex: 'female' as const,
    birthDate: '1950-01-01',
    identityKind: 'none' as const,
    phone: `154${String(phone).padStart(8, '0')}`,
  })
  const personIds = await db.$transaction((tx) =>
    addPersons(
      tx,
      keys,
      Array.from({ length: count * 2 }, (_, index) => person(index)),
      LONG_AGO,
    ),
  )
  const seal = await sealerFor(db, keys, personIds)
  const place = { regionId: village.id, regionPath: village.path, countyId: village.countyId as string }
  const pairs = Array.from({ length: count }, (_, index) => {
    const plateId = newCodeId()
    return {
      helperPersonId: personIds[index * 2] as string,
      elderPersonId: personIds[index * 2 + 1] as string,
      elderId: randomUUID(),
      helperSession: randomUUID(),
      elderSession: randomUUID(),
      deviceId: randomUUID(),
      plateId,
      serviceId,
      code: `https://mulin.example/d/${mintPlateToken(keys.code, 'd', plateId)}`,
    }
  })
  await db.member.createMany({
    data: pairs.map((one) => ({
      id: randomUUID(),
      personId: one.helperPersonId,
      kind: 'volunteer',
      ...place,
      state: 'active',
      trainings: '',
      joinedDay: '2026-01-01',
      endedDay: null,
    })),
  })
  await db.elder.createMany({
    data: pairs.map((one) => ({
      id: one.elderId,
      personId: one.elderPersonId,
      ...place,
      householdId: randomUUID(),
      addressSealed: seal(one.elderPersonId, 'elder', 'address', '一号'),
      homePointSealed: seal(one.elderPersonId, 'elder', 'homePoint', `${HOME.lat},${HOME.lon}`),
      ownPhone: true,
      joinedDay: '2026-01-01',
      endedDay: null,
    })),
  })
  await db.plate.createMany({
    data: pairs.map((one) => ({
      id: one.plateId,
      kind: 'door',
      keyId: keys.code[0].id,
      serial: printedNumber(one.plateId),
      elderId: one.elderId,
      regionId: village.id,
      regionPath: village.path,
      batchId: randomUUID(),
      issuedAt: LONG_AGO,
      issuedByPersonId: one.elderPersonId,
    })),
  })
  await db.device.createMany({
    data: pairs.map((one) => ({
      ...{ id: randomUUID(), deviceId: one.deviceId, personId: one.helperPersonId, boundAt: LONG_AGO },
    })),
  })
  const session = (id: string, personId: string, deviceId: string | null) => ({
    id,
    personId,
    refreshHash: randomUUID(),
    rotatedAt: LONG_AGO,
    deviceId,
    createdAt: LONG_AGO,
    expiresAt: far,
  })
  await db.session.createMany({
    data: pairs.flatMap((one) => [
      session(one.helperSession, one.helperPersonId, one.deviceId),
      session(one.elderSession, one.elderPersonId, null),
    ]),
  })
  return pairs
}

/** Somebody of staff, logged in. */
export async function addStaff(
  db: Db,
  keys: Keys,
  { id: regionId, path: regionPath }: Region,
  role: { role: string; redemptionPointId: string | null },
): Promise<{ personId: string; sessionId: string }> {
  const person = { name: '测试乙', sex: 'female' as const, birthDate: '1980-01-01', identityKind: 'none' as const }
  const [personId] = await db.$transaction((tx) => addPersons(tx, keys, [person], LONG_AGO))
  const sessionId = randomUUID()
  const place = { regionId, regionPath, validFrom: '2026-01-01', validTo: null }
  await db.staffRole.create({ data: { id: randomUUID(), personId: personId as string, ...role, ...place } })
  await db.session.create({
    data: {
      id: sessionId,
      personId: personId as string,
      refreshHash: randomUUID(),
      rotatedAt: LONG_AGO,
      deviceId: null,
      createdAt: LONG_AGO,
      expiresAt: new Date('2100-01-01T00:00:00Z'),
    },
  })
  return { personId: personId as string, sessionId }
}
