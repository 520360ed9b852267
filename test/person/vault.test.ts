import { describe, expect, test } from 'vitest'
import { SUITES } from '../../server/core/crypto'
import { countKeys, destroyKeys } from '../../server/core/key-store'
import { sweepKeys } from '../../server/person/keys'
import { personWhere } from '../../server/person/search'
import {
  addPerson,
  addPersons,
  changePerson,
  findByPhone,
  openForPersons,
  openPersons,
  sealForPerson,
} from '../../server/person/vault'
import type { PersonInput } from '../../shared/person/input'
import { idCheckDigit } from '../../shared/person/rules'
import { refusal } from '../support/refusal'
import { newWorld, type World } from '../support/world'

const numbered = (first17: string) => first17 + idCheckDigit(first17)
const ID = numbered('99000019440308002')
const wang = (more: Partial<PersonInput> = {}): PersonInput => ({
  name: '王秀英',
  identityKind: 'idCard',
  idNumber: ID,
  phone: '13800001111',
  ...more,
})
const add = ({ db, keys, clock }: World, input: PersonInput) =>
  db.$transaction((tx) => addPerson(tx, keys, input, clock.now))

describe.each(SUITES)('with %s', (suite) => {
  test('nothing of a person is readable in the table but what search and rules need', async () => {
    const world = await newWorld({ suite })

    const { personId } = await add(world, wang({ idNumber: ` ${ID.toLowerCase()} `, phone: '+86 138-0000-1111' }))

    const row = await world.db.person.findUniqueOrThrow({ where: { id: personId } })
    expect(JSON.stringify(row)).not.toMatch(new RegExp(`王秀英|${ID}|13800001111`))
    expect(row).toMatchObject({ nameInitials: 'wxy', sex: 'female', birthDate: '1944-03-08', identityKind: 'idCard' })
    expect((await openPersons(world.db, world.keys, [personId])).get(personId)).toEqual({
      name: '王秀英',
      phone: '13800001111',
      idNumber: ID,
      sex: 'female',
      birthDate: '1944-03-08',
    })
  })

  test('a person whose key is destroyed can’t be read any more, and the others can', async () => {
    const world = await newWorld({ suite })
    const { personId } = await add(world, wang())
    const { personId: other } = await add(world, { name: '于得水', identityKind: 'none', phone: '13800002222' })

    await world.db.$transaction((tx) => destroyKeys(tx, [personId]))

    const opened = await openPersons(world.db, world.keys, [personId, other])
    expect(opened.get(personId)).toMatchObject({ name: '', phone: null, idNumber: null })
    expect(opened.get(other)).toMatchObject({ name: '于得水' })
  })

  test('a value opens only for the person, table and column it was sealed for', async () => {
    const world = await newWorld({ suite })
    const { db, keys } = world
    const { personId } = await add(world, wang())
    const { personId: other } = await add(world, { name: '于得水', identityKind: 'none' })
    const sealed = await sealForPerson(db, keys, personId, 'elder', 'address', '北庄村12号')

    expect(await openForPersons(db, keys, [{ personId, table: 'elder', column: 'address', sealed }])).toEqual([
      '北庄村12号',
    ])
    for (const wrong of [{ personId: other }, { table: 'visit' }, { column: 'homePoint' }]) {
      await expect(
        openForPersons(db, keys, [{ personId, table: 'elder', column: 'address', sealed, ...wrong }]),
      ).rejects.toThrow()
    }
  })

  test('the same ID number is the same person, whatever they come as; under another name it is refused', async () => {
    const world = await newWorld({ suite })
    const first = await add(world, wang())

    expect(await add(world, wang({ phone: '13900003333' }))).toEqual(first)
    expect(await refusal(add(world, wang({ name: '王秀兰' })))).toBe('ID_NUMBER_TAKEN')
    expect(await world.db.person.count()).toBe(1)
  })

  test('the same name at the same phone is the same person when one side shows no ID number, and the number is kept', async () => {
    const world = await newWorld({ suite })
    const first = await add(world, { name: '王秀英', identityKind: 'none', phone: '13800001111' })

    expect(await add(world, wang())).toEqual(first)

    expect((await openPersons(world.db, world.keys, [first.personId])).get(first.personId)).toMatchObject({
      idNumber: ID,
      birthDate: '1944-03-08',
      sex: 'female',
    })
    expect(await refusal(add(world, wang({ name: '王秀兰' })))).toBe('ID_NUMBER_TAKEN')
  })

  test.each([
    ['another name at the same phone', { name: '于得水', identityKind: 'none' as const }],
    ['another birth date', { identityKind: 'none' as const, birthDate: '1970-01-01' }],
    ['another ID number', { idNumber: numbered('99000019440308004') }],
  ])('%s is somebody else', async (_, more) => {
    const world = await newWorld({ suite })
    const first = await add(world, wang())
    const { idNumber, ...rest } = wang()

    const second = await add(world, { ...rest, ...more })

    expect(second).not.toEqual(first)
    expect(await findByPhone(world.db, world.keys, '138 0000 1111')).toHaveLength(2)
  })

  test('twice in one list is one person; a list keeps its order', async () => {
    const world = await newWorld({ suite })
    const other: PersonInput = { name: '于得水', identityKind: 'none', phone: '13800002222' }

    const [a, b, c] = await world.db.$transaction((tx) =>
      addPersons(tx, world.keys, [wang(), other, wang()], world.clock.now),
    )

    expect(a).toBe(c)
    expect(b).not.toBe(a)
    expect(await world.db.person.count()).toBe(2)
  })

  test('two desks that register the same ID number at once make one person, and nothing half', async () => {
    const world = await newWorld({ suite })

    const outcomes = await Promise.all([
      refusal(add(world, wang())),
      refusal(add(world, wang())),
      refusal(add(world, wang())),
    ])

    expect(outcomes.filter((one) => one !== null && one !== 'ID_NUMBER_TAKEN')).toEqual([])
    expect(outcomes).toContain(null)
    expect(await world.db.person.count()).toBe(1)
    await sweepKeys(world.db)
    expect(await countKeys(world.db)).toEqual([{ kekId: 'a', keys: 1 }])
  })

  test.each([
    [{ name: '王' }, 'NAME_FORM', 'person.name'],
    [{ name: '王😀' }, 'NAME_FORM', 'person.name'],
    [{ idNumber: '370303193802290015' }, 'ID_NUMBER_DATE', 'person.idNumber'],
    [{ idNumber: `${ID.slice(0, 17)}${ID[17] === '1' ? '2' : '1'}` }, 'ID_NUMBER_DIGIT', 'person.idNumber'],
    [{ idNumber: numbered('99000020270101002') }, 'BIRTH_IN_FUTURE', 'person.idNumber'],
    [{ sex: 'male' as const }, 'ID_NUMBER_MISMATCH', 'person.idNumber'],
    [{ birthDate: '1944-03-09' }, 'ID_NUMBER_MISMATCH', 'person.idNumber'],
    [{ identityKind: 'none' as const }, 'BAD_INPUT', 'person.idNumber'],
    [{ identityKind: 'permit' as const, idNumber: 'E1234' }, null, undefined],
    [{ identityKind: 'permit' as const, idNumber: '护照' }, 'ID_NUMBER_FORM', 'person.idNumber'],
    [{ phone: '12345' }, 'PHONE_FORM', 'person.phone'],
  ])('%o is answered with %s', async (more, code, field) => {
    const world = await newWorld({ suite })
    const work = add(world, wang(more))

    expect(await refusal(work)).toBe(code)
    if (code !== null) await expect(work).rejects.toMatchObject({ detail: { field } })
    expect(await world.db.person.count()).toBe(code === null ? 1 : 0)
  })

  test('an ID number is needed where there is one, and an unborn person is refused', async () => {
    const world = await newWorld({ suite })

    expect(await refusal(add(world, { name: '王秀英', identityKind: 'idCard' }))).toBe('REQUIRED')
    expect(await refusal(add(world, { name: '王秀英', identityKind: 'none', birthDate: '2026-11-23' }))).toBe(
      'BIRTH_IN_FUTURE',
    )
  })

  test('a corrected name is found by its new initials, and a phone that is taken away by none', async () => {
    const world = await newWorld({ suite })
    const { db, keys } = world
    const { personId } = await add(world, wang())
    const found = async (q: string) => (await db.person.findMany({ where: personWhere(keys, q) })).map((one) => one.id)
    expect(await found('WX')).toEqual([personId])
    expect(await found('王秀英')).toEqual([personId])
    expect(await found('138-0000-1111')).toEqual([personId])

    await db.$transaction((tx) => changePerson(tx, keys, personId, { name: '黄秀英', phone: null }))

    expect(await found('hxy')).toEqual([personId])
    expect(await found('wxy')).toEqual([])
    expect(await found('13800001111')).toEqual([])
    expect(await found('1380000')).toEqual([])
    expect(await found('%')).toEqual([])
  })
})
