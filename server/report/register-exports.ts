import { hoursText, pointsText } from '../../shared/core/amounts'
import { NEED_WORDS, ORGANISATION_WORDS, RECORD_WORDS } from '../../shared/registry/words'
import { can } from '../../shared/session/permissions'
import { pathsOf } from '../core/actor'
import { readWithin } from '../core/db'
import type { Sheet } from '../core/sheet'
import { listCredit } from '../credit/queries'
import { listPairings } from '../pairing/list'
import { listOrganisations } from '../registry/organisations'
import { listRecords } from '../registry/records'
import { type Asked, allOf, sheetOf, titled } from './sheets'

/** The filters of a list without its paging. */
type Filters<Query> = Omit<Query, 'limit' | 'cursor'>

export function organisationsSheet({
  db,
  actor,
  query,
}: Asked<Filters<Parameters<typeof listOrganisations>[2]>>): Sheet {
  const items = allOf((page) => listOrganisations(db, actor, { ...query, ...page }))
  const columns = titled(
    ...['名称', '种类', '村（社区）', '五需', '开放时间', '电话', '地址', '统一社会信用代码'],
    ...['队员', '收到的捐赠', '状态', '原系统编号'],
  )
  return sheetOf('互助点和组织', columns, items, (one) => [
    ...[one.name, ORGANISATION_WORDS[one.kind], one.regionName],
    ...[one.needs.map((need) => NEED_WORDS[need]).join('、'), one.openingHours, one.phone, one.address, one.code],
    ...[one.members, pointsText(one.milliPoints), one.active ? '在用' : '停用', one.externalNo],
  ])
}

export function recordsSheet({ db, keys, actor, query }: Asked<Filters<Parameters<typeof listRecords>[3]>>): Sheet {
  const items = allOf((page) =>
    readWithin(db, pathsOf(actor, can('registry.read')), (reader) =>
      listRecords(reader, keys, actor, { ...query, ...page }),
    ),
  )
  const columns = titled(
    ...['志愿者', '村（社区）', '种类', '名称', '内容', '学时', '单位', '编号', '日期', '到期', '撤回'],
  )
  return sheetOf('培训奖励特长保险', columns, items, (one) => [
    ...[one.memberName, one.regionName, RECORD_WORDS[one.kind], one.title, one.content],
    ...[one.seconds === 0 ? '' : hoursText(one.seconds), one.organisationName ?? one.grantedBy, one.number],
    ...[one.day, one.untilDay, one.withdrawnReason],
  ])
}

export function pairingsSheet({
  db,
  keys,
  actor,
  query,
  at,
}: Asked<Filters<Parameters<typeof listPairings>[3]>>): Sheet {
  const items = allOf((page) =>
    readWithin(db, pathsOf(actor, can('elder.read')), (reader) =>
      listPairings(reader, keys, actor, { ...query, ...page }, at),
    ),
  )
  const columns = titled(
    ...[
      '老人',
      '村（社区）',
      '志愿者',
      '从哪天起',
      '上次探访',
      '最晚哪天签协议',
      '协议',
      '协议编号',
      '结束',
      '为什么结束',
    ],
  )
  return sheetOf('结对', columns, items, (one) => [
    ...[one.elderName, one.regionName, one.memberName, one.sinceDay, one.lastVisitDay, one.agreeBy],
    one.agreedDay === null ? (one.isLate ? '到期没签' : '还没签') : `${one.agreedDay} 签`,
    ...[one.agreementNo, one.endedDay, one.endReason],
  ])
}

const LISTED_WORDS = { red: '红名单', black: '黑名单' } as const

export function creditSheet({ db, keys, actor, query, at }: Asked<Filters<Parameters<typeof listCredit>[3]>>): Sheet {
  const items = allOf((page) => listCredit(db, keys, actor, { ...query, ...page }, at))
  const columns = titled('名称', '村（社区）', '等级', '分数', '从哪天起', '名单', '很好', '一般', '不太好')
  return sheetOf('信用', columns, items, (one) => [
    ...[
      one.name,
      one.regionName,
      one.gradeWords,
      one.milliScore === null ? '' : pointsText(BigInt(one.milliScore)),
      one.day,
    ],
    one.listed === null ? '' : LISTED_WORDS[one.listed],
    ...(one.smiles === null ? ['', '', ''] : [one.smiles.good, one.smiles.fair, one.smiles.bad]),
  ])
}
