import { Refusal } from '../../shared/core/refusals'
import { dayOf } from '../../shared/core/time'
import type { PersonInput } from '../../shared/person/input'
import {
  birthOf,
  normaliseIdNumber,
  normaliseName,
  normalisePhone,
  sexOf,
  whyNotPerson,
} from '../../shared/person/rules'
import { findBy, insertAll, type RowOf } from '../core/bulk'
import type { Keys } from '../core/config'
import { blindIndex, newDataKey, openField, type SuiteKey, sealField, unwrapKey, wrapKey } from '../core/crypto'
import type { Prisma, Reader, Tx } from '../core/db'
import { newId } from '../core/ids'
import { addKeys, findKeys } from '../core/key-store'
import { takenAs } from '../core/taken'
import { initialsOf } from './initials'

/** What is known of a person, opened. Empty name: the person was erased. */
export type OpenPerson = {
  name: string
  phone: string | null
  idNumber: string | null
  sex: string
  birthDate: string | null
}
/** One sealed value and where it lives. `column` may be shared by rows of several tables that repeat the same value. */
export type SealedValue = { personId: string; table: string; column: string; sealed: string }

/** Values are sealed for the first time; a change of the sealing form would count on. */
const VERSION = 1

/**
 * Registers a person, or finds the one who is known already.
 * @throws Refusal of `whyNotPerson`, ID_NUMBER_TAKEN when the number is known under another name
 */
export async function addPerson(tx: Tx, keys: Keys, input: PersonInput, at: Date): Promise<{ personId: string }> {
  const [personId] = await addPersons(tx, keys, [input], at)
  return { personId: personId as string }
}

/**
 * Registers a list of persons with a handful of statements. A known ID number with the same name is the same person; so is
 * the same name at the same phone when one side has no ID number and the births agree. Twice in one list counts too.
 *
 * @returns one id per input, in order
 */
export async function addPersons(tx: Tx, keys: Keys, inputs: readonly PersonInput[], at: Date): Promise<string[]> {
  const wanted = inputs.map((input) => normalised(input, keys, at))
  const known = await knownPersons(tx, keys, wanted)
  const fresh: Known[] = []
  const identified: Known[] = []
  const ids = wanted.map((one) => {
    const same = sameAs(one, known)
    if (same !== null) {
      if (one.idNumberIndex !== null && same.idNumberIndex === null) {
        Object.assign(same, { idNumberIndex: one.idNumberIndex, wanted: one })
        identified.push(same)
      }
      return same.id
    }
    const added: Known = {
      id: newId(at),
      name: one.name,
      birthDate: one.birthDate,
      idNumberIndex: one.idNumberIndex,
      phoneIndex: one.phoneIndex,
      wanted: one,
    }
    known.push(added)
    fresh.push(added)
    return added.id
  })
  await insertPersons(tx, keys, fresh, at)
  for (const one of identified.filter((each) => !fresh.includes(each))) await identify(tx, keys, one)
  return ids
}

/** Opens persons, all with one query. Unknown ids are left out. */
export function openPersons(db: Reader, keys: Keys, personIds: readonly string[]): Promise<Map<string, OpenPerson>> {
  return openColumns(db, keys, personIds, ({ phoneSealed, idNumberSealed }, open) => ({
    phone: open('phone', phoneSealed),
    idNumber: open('idNumber', idNumberSealed),
  }))
}

/** The same where only names are shown: what nobody looks at stays sealed. */
export function openNames(
  db: Reader,
  keys: Keys,
  personIds: readonly string[],
): Promise<Map<string, Omit<OpenPerson, 'phone' | 'idNumber'>>> {
  return openColumns(db, keys, personIds, () => ({}))
}

type Open = (column: string, sealed: string | null) => string | null

/** @param more what else is opened of each */
async function openColumns<More extends object>(
  db: Reader,
  keys: Keys,
  personIds: readonly string[],
  more: (row: RowOf<'Person'>, open: Open) => More,
) {
  const [rows, found] = await Promise.all([findBy(db, 'Person', 'id', personIds), findKeys(db, personIds)])
  const wrapped = new Map(found.map((row) => [row.personId, row.wrapped]))
  return new Map(
    rows.map((row) => {
      const { id, nameSealed, sex, birthDate } = row
      const key = wrapped.get(id)
      const dataKey = key === undefined ? null : unwrapKey(keys.kek, key, id)
      const open: Open = (column, sealed) =>
        sealed === null || dataKey === null ? null : openField(dataKey, sealed, placeOf(id, 'person', column))
      return [id, { name: open('name', nameSealed) ?? '', sex, birthDate, ...more(row, open) }] as const
    }),
  )
}

/** Seals one value with a person's key. */
export async function sealForPerson(
  db: Reader,
  keys: Keys,
  personId: string,
  table: string,
  column: string,
  text: string,
): Promise<string> {
  const seal = await sealerFor(db, keys, [personId])
  return seal(personId, table, column, text)
}

/** What seals values of these persons, their keys read with one query. */
export async function sealerFor(
  db: Reader,
  keys: Keys,
  personIds: readonly string[],
): Promise<(personId: string, table: string, column: string, text: string) => string> {
  const dataKeys = await dataKeysOf(db, keys, personIds)
  return (personId, table, column, text) => {
    const dataKey = dataKeys.get(personId)
    if (dataKey === undefined) throw new Refusal('NOT_FOUND')
    return sealField(dataKey, text, placeOf(personId, table, column))
  }
}

/** Opens values of many persons, in the order given, all keys with one query; null where the person was erased. */
export async function openForPersons(
  db: Reader,
  keys: Keys,
  values: readonly SealedValue[],
): Promise<(string | null)[]> {
  const dataKeys = await dataKeysOf(
    db,
    keys,
    values.map((one) => one.personId),
  )
  return values.map(({ personId, table, column, sealed }) => {
    const dataKey = dataKeys.get(personId)
    return dataKey === undefined ? null : openField(dataKey, sealed, placeOf(personId, table, column))
  })
}

/** Who has this phone number; families share one. */
export async function findByPhone(db: Reader, keys: Keys, phone: string): Promise<string[]> {
  const rows = await db.person.findMany({
    where: { phoneIndex: phoneIndexOf(keys, phone), disabledAt: null, mergedInto: null },
    select: { id: true },
  })
  return rows.map((row) => row.id)
}

export function phoneIndexOf(keys: Keys, phone: string): string {
  return blindIndex(keys.index, 'phone', normalisePhone(phone))
}

/** Corrects a name or phone; null takes the phone away. The caller has judged both. */
export async function changePerson(
  tx: Tx,
  keys: Keys,
  personId: string,
  change: { name?: string | undefined; phone?: string | null | undefined },
): Promise<void> {
  const seal = await sealerFor(tx, keys, [personId])
  const data: Prisma.PersonUncheckedUpdateInput = {}
  if (change.name !== undefined) {
    const name = normaliseName(change.name)
    Object.assign(data, { nameSealed: seal(personId, 'person', 'name', name), nameInitials: initialsOf(name) })
  }
  if (change.phone === null) Object.assign(data, { phoneSealed: null, phoneIndex: null })
  else if (change.phone !== undefined) {
    const phone = normalisePhone(change.phone)
    Object.assign(data, {
      phoneSealed: seal(personId, 'person', 'phone', phone),
      phoneIndex: phoneIndexOf(keys, phone),
    })
  }
  await tx.person.update({ where: { id: personId }, data })
}

type Wanted = ReturnType<typeof normalised>
type Known = {
  id: string
  name: string
  birthDate: string | null
  idNumberIndex: string | null
  phoneIndex: string | null
  wanted?: Wanted
}

/** @throws Refusal with the field it is about */
function normalised(input: PersonInput, keys: Keys, at: Date) {
  const reason = whyNotPerson(input, dayOf(at))
  if (reason !== null) throw new Refusal(reason.code, { field: `person.${reason.field}` })
  const idNumber = input.idNumber === undefined ? null : normaliseIdNumber(input.idNumber)
  const isCard = input.identityKind === 'idCard' && idNumber !== null
  const phone = input.phone === undefined ? null : normalisePhone(input.phone)
  return {
    name: normaliseName(input.name),
    identityKind: input.identityKind,
    idNumber,
    idNumberIndex: idNumber === null ? null : blindIndex(keys.index, 'idNumber', idNumber),
    phone,
    phoneIndex: phone === null ? null : phoneIndexOf(keys, phone),
    sex: isCard ? sexOf(idNumber) : (input.sex ?? 'unknown'),
    birthDate: isCard ? birthOf(idNumber) : (input.birthDate ?? null),
  }
}

async function knownPersons(tx: Tx, keys: Keys, wanted: readonly Wanted[]): Promise<Known[]> {
  const select = { id: true, birthDate: true, idNumberIndex: true, phoneIndex: true } as const
  // two queries, since a long list is cut in pieces only when there is one of them
  const byNumber = await tx.person.findMany({
    where: { mergedInto: null, idNumberIndex: { in: wanted.flatMap((one) => one.idNumberIndex ?? []) } },
    select,
  })
  const byPhone = await tx.person.findMany({
    where: { mergedInto: null, phoneIndex: { in: wanted.flatMap((one) => one.phoneIndex ?? []) } },
    select,
  })
  const rows = [...new Map([...byNumber, ...byPhone].map((row) => [row.id, row])).values()]
  const opened = await openPersons(
    tx,
    keys,
    rows.map((row) => row.id),
  )
  return rows.map((row) => ({ ...row, name: opened.get(row.id)?.name ?? '' }))
}

/** @throws Refusal ID_NUMBER_TAKEN */
function sameAs(one: Wanted, known: readonly Known[]): Known | null {
  const byNumber = known.find((each) => one.idNumberIndex !== null && each.idNumberIndex === one.idNumberIndex)
  if (byNumber !== undefined) {
    if (byNumber.name !== one.name) throw new Refusal('ID_NUMBER_TAKEN', { field: 'person.idNumber' })
    return byNumber
  }
  const byPhone = known.find(
    (each) =>
      one.phoneIndex !== null &&
      each.phoneIndex === one.phoneIndex &&
      each.name === one.name &&
      (each.idNumberIndex === null || one.idNumberIndex === null) &&
      (each.birthDate === null || one.birthDate === null || each.birthDate === one.birthDate),
  )
  return byPhone ?? null
}

async function insertPersons(tx: Tx, keys: Keys, fresh: readonly Known[], at: Date): Promise<void> {
  if (fresh.length === 0) return
  const made = fresh.map(({ id, wanted }) => ({ id, wanted: wanted as Wanted, dataKey: newDataKey(keys.suite) }))
  const persons = made.map(({ id, wanted, dataKey }) => ({
    id,
    nameSealed: sealField(dataKey, wanted.name, placeOf(id, 'person', 'name')),
    nameInitials: initialsOf(wanted.name),
    phoneSealed: wanted.phone === null ? null : sealField(dataKey, wanted.phone, placeOf(id, 'person', 'phone')),
    phoneIndex: wanted.phoneIndex,
    createdAt: at,
    ...identityOf(id, wanted, dataKey),
  }))
  await insertAll(tx, 'person', persons, 'ID_NUMBER_TAKEN', { field: 'person.idNumber' })
  await addKeys(
    tx,
    made.map(({ id, dataKey }) => ({ personId: id, kekId: keys.kek[0].id, wrapped: wrapKey(keys.kek, dataKey, id) })),
  )
}

/** Somebody known by name and phone only shows an ID number. */
async function identify(tx: Tx, keys: Keys, { id, wanted }: Known): Promise<void> {
  const dataKey = (await dataKeysOf(tx, keys, [id])).get(id)
  if (dataKey === undefined) throw new Refusal('NOT_FOUND')
  await takenAs('ID_NUMBER_TAKEN', { field: 'person.idNumber' }, () =>
    tx.person.update({ where: { id }, data: identityOf(id, wanted as Wanted, dataKey) }),
  )
}

function identityOf(id: string, { identityKind, idNumber, idNumberIndex, sex, birthDate }: Wanted, dataKey: SuiteKey) {
  const idNumberSealed = idNumber === null ? null : sealField(dataKey, idNumber, placeOf(id, 'person', 'idNumber'))
  return { identityKind, idNumberSealed, idNumberIndex, sex, birthDate }
}

async function dataKeysOf(db: Reader, keys: Keys, personIds: readonly string[]): Promise<Map<string, SuiteKey>> {
  const rows = await findKeys(db, personIds)
  return new Map(rows.map(({ personId, wrapped }) => [personId, unwrapKey(keys.kek, wrapped, personId)]))
}

function placeOf(personId: string, table: string, column: string) {
  return { table, column, personId, version: VERSION }
}
