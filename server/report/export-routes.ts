import { z } from 'zod'
import { queueQuery } from '../../shared/audit/input'
import { id } from '../../shared/core/input'
import { creditListQuery } from '../../shared/credit/input'
import { elderListQuery } from '../../shared/elder/input'
import { fundListQuery } from '../../shared/fund/input'
import { transactionListQuery } from '../../shared/ledger/input'
import { memberListQuery, staffListQuery } from '../../shared/member/input'
import { orderListQuery } from '../../shared/order/input'
import { pairingListQuery } from '../../shared/pairing/input'
import { plateListQuery } from '../../shared/plate/input'
import { redemptionListQuery } from '../../shared/redemption/input'
import { organisationListQuery, recordListQuery } from '../../shared/registry/input'
import { exportFormat, operationListQuery } from '../../shared/report/input'
import {
  coverageQuery,
  hoursQuery,
  missingQuery,
  planQuery,
  requirementListQuery,
} from '../../shared/requirement/input'
import type { Permission } from '../../shared/session/permissions'
import { ratingListQuery, visitListQuery } from '../../shared/visit/input'
import { type Route, route } from '../core/route'
import type { Sheet } from '../core/sheet'
import {
  coverageEldersSheet,
  entriesSheet,
  fundLinesSheet,
  operationsSheet,
  platesSheet,
  productsSheet,
  queueSheet,
  ratingsSheet,
  requirementsSheet,
  servicesSheet,
  staffSheet,
} from './desk-exports'
import { exportFile } from './export-file'
import {
  coverageSheet,
  eldersSheet,
  helperHoursSheet,
  helperPlanSheet,
  hoursSheet,
  membersSheet,
  ordersSheet,
  planSheet,
  redemptionsSheet,
  transactionsSheet,
  visitsSheet,
} from './exports'
import { creditSheet, organisationsSheet, pairingsSheet, recordsSheet } from './register-exports'
import type { Asked } from './sheets'

const paging = { limit: true, cursor: true } as const

/** A list to take along: the filters it has on its page, and the format of the file. */
function listExport<Filters extends z.ZodObject>(
  name: string,
  summary: string,
  may: Permission | readonly Permission[],
  filters: Filters,
  sheetOf: (asked: Asked<z.output<Filters>>) => Sheet | Promise<Sheet>,
): Route {
  const query: z.ZodObject = filters.extend({ format: exportFormat })
  return route('GET', `/exports/${name}`, { summary, may, query }, async ({ db, parts, actor, at, query: asked }) => {
    const { format, ...query } = asked as z.output<Filters> & { format: z.output<typeof exportFormat> }
    const by = { db, keys: parts.config.keys, actor, at }
    return exportFile(by, await sheetOf({ ...by, query: query as z.output<Filters> }), format)
  })
}

export const exportRoutes: Route[] = [
  listExport('elders', '导出老人名单', 'people.export', elderListQuery.omit(paging), eldersSheet),
  listExport('members', '导出志愿者名单', 'people.export', memberListQuery.omit(paging), membersSheet),
  listExport('visits', '导出服务记录', 'people.export', visitListQuery.omit(paging), visitsSheet),
  listExport('orders', '导出需求单', 'people.export', orderListQuery.omit(paging), ordersSheet),
  listExport(
    'redemptions',
    '导出兑换记录',
    ['people.export', 'redemption.atPoint'],
    redemptionListQuery.omit(paging),
    redemptionsSheet,
  ),
  listExport('transactions', '导出积分流水', 'people.export', transactionListQuery.omit(paging), transactionsSheet),
  listExport('coverage', '导出覆盖看板', 'report.read', coverageQuery, coverageSheet),
  listExport('hours', '导出时长与要求', 'report.read', hoursQuery, hoursSheet),
  listExport('helper-hours', '导出时长与要求，按志愿者', 'report.read', hoursQuery, helperHoursSheet),
  listExport('plan', '导出探访安排', 'report.read', planQuery, planSheet),
  listExport('helper-plan', '导出探访安排，按志愿者', 'report.read', planQuery, helperPlanSheet),
  listExport('audit', '导出待审核的服务', 'report.read', queueQuery.omit(paging), queueSheet),
  listExport('coverage-elders', '导出应访的老人', 'report.read', missingQuery.omit(paging), coverageEldersSheet),
  listExport('plates', '导出门牌与随身码', 'people.export', plateListQuery.omit(paging), platesSheet),
  listExport('ratings', '导出服务评价', 'people.export', ratingListQuery.omit(paging), ratingsSheet),
  listExport(
    'organisations',
    '导出互助点和组织',
    'people.export',
    organisationListQuery.omit(paging),
    organisationsSheet,
  ),
  listExport(
    'member-records',
    '导出培训、奖励、特长、保险',
    'people.export',
    recordListQuery.omit(paging),
    recordsSheet,
  ),
  listExport('pairings', '导出结对', 'people.export', pairingListQuery.omit(paging), pairingsSheet),
  listExport('credit', '导出信用', 'people.export', creditListQuery.omit(paging), creditSheet),
  listExport('staff', '导出工作人员', 'staff.read', staffListQuery.omit(paging), staffSheet),
  listExport('operations', '导出操作日志', 'operation.read', operationListQuery.omit(paging), operationsSheet),
  listExport('entries', '导出一个账户的明细', 'report.read', z.strictObject({ accountId: id }), entriesSheet),
  listExport('products', '导出兑换商品', 'report.read', z.strictObject({}), productsSheet),
  listExport('fund-lines', '导出资金线', 'report.read', fundListQuery, fundLinesSheet),
  listExport('services', '导出服务目录', 'report.read', z.strictObject({}), servicesSheet),
  listExport('requirements', '导出探访要求', 'report.read', requirementListQuery, requirementsSheet),
]
