import { Refusal } from '../../shared/core/refusals'
import { dayOf } from '../../shared/core/time'
import { dayText, type SheetColumn, wordsIn } from '../../shared/import/columns'
import type { AddOrganisationInput, AddRecordInput } from '../../shared/registry/input'
import {
  NEED_WORDS,
  NEEDS,
  ORGANISATION_KINDS,
  ORGANISATION_WORDS,
  RECORD_KINDS,
  RECORD_WORDS,
} from '../../shared/registry/words'
import { findBy } from '../core/bulk'
import { putOrganisations } from '../registry/organisations'
import { putRecords, unmarkMember } from '../registry/records'
import { addingKind, type Read } from './adding'
import { knownMembers } from './members'
import { placesByName } from './queries'

const ORGANISATION_COLUMNS: readonly SheetColumn[] = [
  { title: '名称', must: true, most: 60, width: 24 },
  { title: '种类', must: true, choices: ORGANISATION_KINDS.map((one) => ORGANISATION_WORDS[one]), width: 20 },
  { title: '镇街', help: '有同名的村才要填' },
  { title: '村或社区', must: true },
  { title: '地址', most: 100, width: 24 },
  { title: '电话', most: 30 },
  { title: '开放时间', most: 60 },
  { title: '五需', help: `互助点填，几个用、隔开：${NEEDS.map((one) => NEED_WORDS[one]).join('、')}`, width: 24 },
  { title: '统一社会信用代码', most: 30, width: 22 },
  { title: '原系统编号', most: 60 },
]
type OrganisationRow = {
  input: Omit<AddOrganisationInput, 'regionId' | 'id'>
  place: { id: string; path: string; countyId: string }
  externalNo: string | null
}

/** Mutual-aid points, canteens, centres, teams and organisations. */
export const organisationImport = addingKind<OrganisationRow>({
  code: 'importOrganisation',
  columns: ORGANISATION_COLUMNS,
  nameOf: (cell) => ({ name: cell('名称'), isPerson: false }),
  read: async ({ db, actor, at }, cells) => {
    const placeOf = await placesByName(db, actor, dayOf(at))
    const names = await findBy(
      db,
      'Organisation',
      'name',
      cells.map((cell) => cell('名称')),
    )
    return cells.map((cell): Read<OrganisationRow> => {
      const [place, twin] = placeOf({ townName: cell('镇街') || null, villageName: cell('村或社区') })
      if (place === undefined || twin !== undefined)
        return { faults: [{ column: '村或社区', code: place === undefined ? 'REGION_UNKNOWN' : 'REGION_AMBIGUOUS' }] }
      const words = wordsIn(cell('五需'))
      const needs = words.flatMap((word) => NEEDS.find((one) => NEED_WORDS[one] === word) ?? [])
      if (needs.length < words.length) return { faults: [{ column: '五需', code: 'CHOICE_UNKNOWN' }] }
      const kind = ORGANISATION_KINDS.find((one) => ORGANISATION_WORDS[one] === cell('种类')) ?? 'community'
      const input = {
        ...{ kind, name: cell('名称'), code: cell('统一社会信用代码'), address: cell('地址'), phone: cell('电话') },
        ...{ openingHours: cell('开放时间'), needs, active: true },
      }
      const known = names.find((one) => one.regionId === place.id && one.kind === kind && one.name === input.name)
      const differs = [
        ...(known === undefined || known.address === input.address ? [] : ['地址']),
        ...(known === undefined || known.phone === input.phone ? [] : ['电话']),
        ...(known === undefined || known.openingHours === input.openingHours ? [] : ['开放时间']),
      ]
      const row = { input, place, externalNo: cell('原系统编号') || null }
      return { row, key: `${place.id} ${kind} ${input.name}`, knownId: known?.id ?? null, differs }
    })
  },
  write: (tx, { actor, at }, rows) =>
    putOrganisations(
      tx,
      actor,
      rows.map(({ id, row }) => ({ ...row, input: { id, ...row.input }, source: 'import' })),
      at,
    ),
  there: async ({ db }, ids) => (await findBy(db, 'Organisation', 'id', ids)).map((one) => one.id),
  columnOf: (field) => (field === 'regionId' ? '村或社区' : '名称'),
  externalNoOf: (row) => row.externalNo,
  takeBack: async (tx, _, batch, ids) => {
    const where = { id: { in: [...ids] } }
    const uses = [
      await tx.memberRecord.count({ where: { organisationId: { in: [...ids] } } }),
      await tx.operationLog.count({
        where: { resource: 'organisation', resourceId: { in: [...ids] }, at: { gt: batch.at } },
      }),
    ]
    if (uses.some((count) => count > 0)) throw new Refusal('IMPORT_TOUCHED')
    await tx.organisation.deleteMany({ where })
  },
})

const RECORD_COLUMNS: readonly SheetColumn[] = [
  { title: '姓名', must: true },
  { title: '证件号码', help: '证件号码和电话填一个', width: 22 },
  { title: '电话' },
  { title: '种类', must: true, choices: RECORD_KINDS.map((one) => RECORD_WORDS[one]) },
  { title: '名称', must: true, most: 60, help: '培训、奖励、特长、保险的名称', width: 24 },
  { title: '内容', most: 200, width: 24 },
  { title: '学时', help: '培训填，小时，可以有一位小数' },
  { title: '单位', most: 60, help: '组织培训、授予、承保的单位', width: 20 },
  { title: '编号', most: 60 },
  { title: '日期', must: true, isDay: true },
  { title: '到期日', isDay: true },
  { title: '队伍', most: 60, help: '种类是队伍的填，要先登记' },
  { title: '原系统编号', most: 60 },
]
type RecordRow = { input: Omit<AddRecordInput, 'id'>; externalNo: string | null }

/** Trainings, honours, skills, teams, insurance and agreements of helpers. */
export const recordImport = addingKind<RecordRow>({
  code: 'importRecord',
  columns: RECORD_COLUMNS,
  nameOf: (cell) => ({ name: cell('姓名'), isPerson: true }),
  read: async (given, cells) => {
    const persons = cells.map((cell) => ({
      person: {
        name: cell('姓名'),
        ...(cell('证件号码') === '' ? {} : { idNumber: cell('证件号码') }),
        ...(cell('电话') === '' ? {} : { phone: cell('电话') }),
      },
    }))
    const known = await knownMembers(given, persons)
    const teams = await findBy(
      given.db,
      'Organisation',
      'name',
      cells.flatMap((cell) => cell('队伍') || []),
    )
    const members = persons.map(known)
    const before = await findBy(
      given.db,
      'MemberRecord',
      'memberId',
      members.flatMap((one) => one?.id ?? []),
    )
    return cells.map((cell, place): Read<RecordRow> => {
      const fault = (column: string, code: 'MEMBER_UNKNOWN' | 'BAD_INPUT' | 'ORGANISATION_UNKNOWN' | 'DATE_ORDER') => ({
        faults: [{ column, code }],
      })
      const member = members[place]
      if (member === null || member === undefined) return fault('姓名', 'MEMBER_UNKNOWN')
      if (!/^(\d{1,4}(\.\d)?)?$/.test(cell('学时'))) return fault('学时', 'BAD_INPUT')
      const kind = RECORD_KINDS.find((one) => RECORD_WORDS[one] === cell('种类')) ?? 'training'
      const team = teams.find((one) => one.name === cell('队伍') && one.countyId === member.countyId)
      if ((kind === 'team' || cell('队伍') !== '') && team === undefined) return fault('队伍', 'ORGANISATION_UNKNOWN')
      const [day, untilDay] = [dayText(cell('日期')), cell('到期日') === '' ? null : dayText(cell('到期日'))]
      if (untilDay !== null && untilDay < day) return fault('到期日', 'DATE_ORDER')
      const input = {
        ...{ kind, memberId: member.id, organisationId: team?.id ?? null, title: cell('名称'), content: cell('内容') },
        ...{ seconds: Math.round(Number(cell('学时') || 0) * 3600), grantedBy: cell('单位'), number: cell('编号') },
        ...{ day, untilDay },
      }
      const same = before.find(
        (one) =>
          one.memberId === member.id &&
          one.kind === kind &&
          one.title === input.title &&
          one.day === day &&
          one.withdrawnAt === null,
      )
      const row = { input, externalNo: cell('原系统编号') || null }
      return { row, key: `${member.id} ${kind} ${input.title} ${day}`, knownId: same?.id ?? null }
    })
  },
  write: (tx, { actor, at }, rows) =>
    putRecords(
      tx,
      actor,
      rows.map(({ id, row }) => ({ ...row, input: { id, ...row.input }, source: 'import' })),
      at,
    ),
  there: async ({ db }, ids) => (await findBy(db, 'MemberRecord', 'id', ids)).map((one) => one.id),
  columnOf: (field) =>
    ({ organisationId: '队伍', day: '日期', untilDay: '到期日', memberId: '姓名' })[field ?? ''] ?? '名称',
  externalNoOf: (row) => row.externalNo,
  takeBack: async (tx, _, __, ids) => {
    const rows = await findBy(tx, 'MemberRecord', 'id', ids)
    const { count } = await tx.memberRecord.deleteMany({ where: { id: { in: [...ids] }, withdrawnAt: null } })
    if (count < ids.length) throw new Refusal('IMPORT_TOUCHED')
    for (const row of rows) await unmarkMember(tx, row)
  },
})
