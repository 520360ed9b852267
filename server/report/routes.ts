import { z } from 'zod'
import { queueQuery } from '../../shared/audit/input'
import { id, nothing } from '../../shared/core/input'
import { Refusal } from '../../shared/core/refusals'
import { dayOf } from '../../shared/core/time'
import { doneView } from '../../shared/core/view'
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
import { readContent } from '../../shared/report/content'
import {
  askExportInput,
  askReportInput,
  dashboardQuery,
  decideExportInput,
  exportFormat,
  exportRequestQuery,
  operationListQuery,
  reportElderQuery,
  reportFileQuery,
  reportListQuery,
} from '../../shared/report/input'
import {
  dashboardView,
  exportRequestPage,
  operationPage,
  reportElderPage,
  reportPage,
  reportView,
  supplyView,
} from '../../shared/report/view'
import {
  coverageQuery,
  hoursQuery,
  missingQuery,
  planQuery,
  requirementListQuery,
} from '../../shared/requirement/input'
import { ratingListQuery, visitListQuery } from '../../shared/visit/input'
import { readId } from '../core/input'
import { type Route, route } from '../core/route'
import { askReport } from './ask'
import { findDashboard } from './dashboard'
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
  regionOf,
  transactionsSheet,
  visitsSheet,
} from './exports'
import { reportFile } from './files'
import { makeReports } from './make'
import { listOperations } from './operations'
import { findReport, listReportElders, listReports, showReport } from './queries'
import { creditSheet, organisationsSheet, pairingsSheet, recordsSheet } from './register-exports'
import { signReport } from './sign'
import { supplyOf } from './supply'
import { askExport, decideExport, fetchExport, listExports } from './unmasked'

/** The filters of a list without its paging, and the format of the file. */
const paging = { limit: true, cursor: true } as const
const format = { format: exportFormat }

export const reportRoutes: Route[] = [
  route(
    'GET',
    '/dashboard',
    { summary: '工作台', may: 'report.read', query: dashboardQuery, view: dashboardView },
    ({ db, actor, query, at }) => findDashboard(db, actor, query, at),
  ),
  route(
    'GET',
    '/supply',
    { summary: '需求与供给，一村一行', may: 'report.read', query: dashboardQuery, view: supplyView },
    async ({ db, actor, query, at }) =>
      supplyOf(db, await regionOf(db, actor, query.regionId), query.month ?? dayOf(at).slice(0, 7)),
  ),
  route(
    'GET',
    '/reports',
    { summary: '报表：月调度、季评估、中期、年考核', may: 'report.read', query: reportListQuery, view: reportPage },
    ({ db, parts, actor, query }) => listReports(db, parts.config.keys, actor, query),
  ),
  route(
    'POST',
    '/reports',
    { summary: '生成报表', may: 'report.make', input: askReportInput, view: reportView, status: 202 },
    async ({ db, parts, actor, input, at }) => {
      const { id } = await askReport(db, actor, input, at)
      void makeReports(parts) // the job takes up what this process doesn't finish
      return showReport(db, parts.config.keys, actor, await findReport(db, actor, id))
    },
  ),
  route(
    'GET',
    '/reports/:id',
    { summary: '一份报表', may: 'report.read', view: reportView },
    async ({ db, parts, actor, params }) =>
      showReport(db, parts.config.keys, actor, await findReport(db, actor, readId(params.id))),
  ),
  route(
    'GET',
    '/reports/:id/elders',
    { summary: '一份月报后面的老人', may: 'report.read', query: reportElderQuery, view: reportElderPage },
    async ({ db, parts, actor, params, query }) =>
      listReportElders(db, parts.config.keys, await findReport(db, actor, readId(params.id)), query),
  ),
  route(
    'GET',
    '/reports/:id/file',
    { summary: '报表文件（Excel、PDF）', may: 'report.read', query: reportFileQuery },
    async ({ db, parts, actor, params, query, at }) => {
      const report = await findReport(db, actor, readId(params.id))
      if (report.content === null) throw new Refusal('REPORT_NOT_READY')
      const { sealed } = await showReport(db, parts.config.keys, actor, report)
      const content = readContent(report.content)
      return reportFile(db, parts.config.keys, actor, report, content, sealed, query.format, at)
    },
  ),
  route(
    'POST',
    '/reports/:id/signature',
    { summary: '定稿（另一个人）', may: 'report.make', view: reportView },
    async ({ db, parts, actor, params, at }) => {
      const { id } = await signReport(db, actor, readId(params.id), at)
      return showReport(db, parts.config.keys, actor, await findReport(db, actor, id))
    },
  ),
  route(
    'GET',
    '/operations',
    { summary: '操作日志', may: 'operation.read', query: operationListQuery, view: operationPage },
    ({ db, actor, query, parts }) => listOperations(db, parts.config.keys, actor, query),
  ),
  route(
    'GET',
    '/unmasked-exports',
    { summary: '不打码的导出', may: 'unmasked.read', query: exportRequestQuery, view: exportRequestPage },
    ({ db, parts, actor, query, at }) => listExports(db, parts.config.keys, actor, query, at),
  ),
  route(
    'POST',
    '/unmasked-exports',
    { summary: '申请不打码的导出', may: 'unmasked.ask', input: askExportInput, view: doneView },
    ({ db, actor, input, at }) => askExport(db, actor, input, at),
  ),
  route(
    'POST',
    '/unmasked-exports/:id/decision',
    { summary: '同意或不同意（另一个人）', may: 'unmasked.ask', input: decideExportInput, view: doneView },
    ({ db, actor, params, input, at }) => decideExport(db, actor, readId(params.id), input, at),
  ),
  route(
    'POST',
    '/unmasked-exports/:id/file',
    { summary: '下载，只有一次', may: 'unmasked.ask', input: nothing },
    ({ db, parts, actor, params, at }) => fetchExport(db, parts.config.keys, actor, readId(params.id), at),
  ),
  route(
    'GET',
    '/exports/elders',
    { summary: '导出老人名单', may: 'people.export', query: elderListQuery.omit(paging).extend(format) },
    ({ db, actor, at, parts, query: { format, ...query } }) =>
      exportFile(
        { db, keys: parts.config.keys, actor, at },
        eldersSheet({ db, keys: parts.config.keys, actor, query, at }),
        format,
      ),
  ),
  route(
    'GET',
    '/exports/members',
    { summary: '导出志愿者名单', may: 'people.export', query: memberListQuery.omit(paging).extend(format) },
    ({ db, actor, at, parts, query: { format, ...query } }) =>
      exportFile(
        { db, keys: parts.config.keys, actor, at },
        membersSheet({ db, keys: parts.config.keys, actor, query, at }),
        format,
      ),
  ),
  route(
    'GET',
    '/exports/visits',
    { summary: '导出服务记录', may: 'people.export', query: visitListQuery.omit(paging).extend(format) },
    ({ db, actor, at, parts, query: { format, ...query } }) =>
      exportFile(
        { db, keys: parts.config.keys, actor, at },
        visitsSheet({ db, keys: parts.config.keys, actor, query, at }),
        format,
      ),
  ),
  route(
    'GET',
    '/exports/orders',
    { summary: '导出需求单', may: 'people.export', query: orderListQuery.omit(paging).extend(format) },
    ({ db, actor, at, parts, query: { format, ...query } }) =>
      exportFile(
        { db, keys: parts.config.keys, actor, at },
        ordersSheet({ db, keys: parts.config.keys, actor, query, at }),
        format,
      ),
  ),
  route(
    'GET',
    '/exports/redemptions',
    {
      summary: '导出兑换记录',
      may: ['people.export', 'redemption.atPoint'],
      query: redemptionListQuery.omit(paging).extend(format),
    },
    ({ db, actor, at, parts, query: { format, ...query } }) =>
      exportFile(
        { db, keys: parts.config.keys, actor, at },
        redemptionsSheet({ db, keys: parts.config.keys, actor, query, at }),
        format,
      ),
  ),
  route(
    'GET',
    '/exports/transactions',
    { summary: '导出积分流水', may: 'people.export', query: transactionListQuery.omit(paging).extend(format) },
    ({ db, actor, at, parts, query: { format, ...query } }) =>
      exportFile(
        { db, keys: parts.config.keys, actor, at },
        transactionsSheet({ db, keys: parts.config.keys, actor, query, at }),
        format,
      ),
  ),
  route(
    'GET',
    '/exports/coverage',
    { summary: '导出覆盖看板', may: 'report.read', query: coverageQuery.extend(format) },
    async ({ db, actor, at, parts, query: { format, ...query } }) =>
      exportFile(
        { db, keys: parts.config.keys, actor, at },
        await coverageSheet({ db, keys: parts.config.keys, actor, query, at }),
        format,
      ),
  ),
  route(
    'GET',
    '/exports/hours',
    { summary: '导出时长与要求', may: 'report.read', query: hoursQuery.extend(format) },
    async ({ db, actor, at, parts, query: { format, ...query } }) =>
      exportFile(
        { db, keys: parts.config.keys, actor, at },
        await hoursSheet({ db, keys: parts.config.keys, actor, query, at }),
        format,
      ),
  ),
  route(
    'GET',
    '/exports/helper-hours',
    { summary: '导出时长与要求，按志愿者', may: 'report.read', query: hoursQuery.extend(format) },
    async ({ db, actor, at, parts, query: { format, ...query } }) =>
      exportFile(
        { db, keys: parts.config.keys, actor, at },
        await helperHoursSheet({ db, keys: parts.config.keys, actor, query, at }),
        format,
      ),
  ),
  route(
    'GET',
    '/exports/plan',
    { summary: '导出探访安排', may: 'report.read', query: planQuery.extend(format) },
    async ({ db, actor, at, parts, query: { format, ...query } }) =>
      exportFile(
        { db, keys: parts.config.keys, actor, at },
        await planSheet({ db, keys: parts.config.keys, actor, query, at }),
        format,
      ),
  ),
  route(
    'GET',
    '/exports/helper-plan',
    { summary: '导出探访安排，按志愿者', may: 'report.read', query: planQuery.extend(format) },
    async ({ db, actor, at, parts, query: { format, ...query } }) =>
      exportFile(
        { db, keys: parts.config.keys, actor, at },
        await helperPlanSheet({ db, keys: parts.config.keys, actor, query, at }),
        format,
      ),
  ),
  route(
    'GET',
    '/exports/audit',
    { summary: '导出待审核的服务', may: 'report.read', query: queueQuery.omit(paging).extend(format) },
    async ({ db, actor, at, parts, query: { format, ...query } }) =>
      exportFile(
        { db, keys: parts.config.keys, actor, at },
        await queueSheet({ db, keys: parts.config.keys, actor, query, at }),
        format,
      ),
  ),
  route(
    'GET',
    '/exports/coverage-elders',
    { summary: '导出应访的老人', may: 'report.read', query: missingQuery.omit(paging).extend(format) },
    async ({ db, actor, at, parts, query: { format, ...query } }) =>
      exportFile(
        { db, keys: parts.config.keys, actor, at },
        await coverageEldersSheet({ db, keys: parts.config.keys, actor, query, at }),
        format,
      ),
  ),
  route(
    'GET',
    '/exports/plates',
    { summary: '导出门牌与随身码', may: 'people.export', query: plateListQuery.omit(paging).extend(format) },
    async ({ db, actor, at, parts, query: { format, ...query } }) =>
      exportFile(
        { db, keys: parts.config.keys, actor, at },
        await platesSheet({ db, keys: parts.config.keys, actor, query, at }),
        format,
      ),
  ),
  route(
    'GET',
    '/exports/ratings',
    { summary: '导出服务评价', may: 'people.export', query: ratingListQuery.omit(paging).extend(format) },
    async ({ db, actor, at, parts, query: { format, ...query } }) =>
      exportFile(
        { db, keys: parts.config.keys, actor, at },
        ratingsSheet({ db, keys: parts.config.keys, actor, query, at }),
        format,
      ),
  ),
  route(
    'GET',
    '/exports/organisations',
    { summary: '导出互助点和组织', may: 'people.export', query: organisationListQuery.omit(paging).extend(format) },
    async ({ db, actor, at, parts, query: { format, ...query } }) =>
      exportFile(
        { db, keys: parts.config.keys, actor, at },
        organisationsSheet({ db, keys: parts.config.keys, actor, query, at }),
        format,
      ),
  ),
  route(
    'GET',
    '/exports/member-records',
    { summary: '导出培训、奖励、特长、保险', may: 'people.export', query: recordListQuery.omit(paging).extend(format) },
    async ({ db, actor, at, parts, query: { format, ...query } }) =>
      exportFile(
        { db, keys: parts.config.keys, actor, at },
        recordsSheet({ db, keys: parts.config.keys, actor, query, at }),
        format,
      ),
  ),
  route(
    'GET',
    '/exports/pairings',
    { summary: '导出结对', may: 'people.export', query: pairingListQuery.omit(paging).extend(format) },
    async ({ db, actor, at, parts, query: { format, ...query } }) =>
      exportFile(
        { db, keys: parts.config.keys, actor, at },
        pairingsSheet({ db, keys: parts.config.keys, actor, query, at }),
        format,
      ),
  ),
  route(
    'GET',
    '/exports/credit',
    { summary: '导出信用', may: 'people.export', query: creditListQuery.omit(paging).extend(format) },
    async ({ db, actor, at, parts, query: { format, ...query } }) =>
      exportFile(
        { db, keys: parts.config.keys, actor, at },
        creditSheet({ db, keys: parts.config.keys, actor, query, at }),
        format,
      ),
  ),
  route(
    'GET',
    '/exports/staff',
    { summary: '导出工作人员', may: 'staff.read', query: staffListQuery.omit(paging).extend(format) },
    async ({ db, actor, at, parts, query: { format, ...query } }) =>
      exportFile(
        { db, keys: parts.config.keys, actor, at },
        await staffSheet({ db, keys: parts.config.keys, actor, query, at }),
        format,
      ),
  ),
  route(
    'GET',
    '/exports/operations',
    { summary: '导出操作日志', may: 'operation.read', query: operationListQuery.omit(paging).extend(format) },
    async ({ db, actor, at, parts, query: { format, ...query } }) =>
      exportFile(
        { db, keys: parts.config.keys, actor, at },
        await operationsSheet({ db, keys: parts.config.keys, actor, query, at }),
        format,
      ),
  ),
  route(
    'GET',
    '/exports/entries',
    { summary: '导出一个账户的明细', may: 'report.read', query: z.strictObject({ accountId: id, ...format }) },
    async ({ db, actor, at, parts, query: { format, ...query } }) =>
      exportFile(
        { db, keys: parts.config.keys, actor, at },
        await entriesSheet({ db, keys: parts.config.keys, actor, query, at }),
        format,
      ),
  ),
  route(
    'GET',
    '/exports/products',
    { summary: '导出兑换商品', may: 'report.read', query: z.strictObject(format) },
    async ({ db, actor, at, parts, query: { format, ...query } }) =>
      exportFile(
        { db, keys: parts.config.keys, actor, at },
        await productsSheet({ db, keys: parts.config.keys, actor, query, at }),
        format,
      ),
  ),
  route(
    'GET',
    '/exports/fund-lines',
    { summary: '导出资金线', may: 'report.read', query: fundListQuery.extend(format) },
    async ({ db, actor, at, parts, query: { format, ...query } }) =>
      exportFile(
        { db, keys: parts.config.keys, actor, at },
        await fundLinesSheet({ db, keys: parts.config.keys, actor, query, at }),
        format,
      ),
  ),
  route(
    'GET',
    '/exports/services',
    { summary: '导出服务目录', may: 'report.read', query: z.strictObject(format) },
    async ({ db, actor, at, parts, query: { format, ...query } }) =>
      exportFile(
        { db, keys: parts.config.keys, actor, at },
        await servicesSheet({ db, keys: parts.config.keys, actor, query, at }),
        format,
      ),
  ),
  route(
    'GET',
    '/exports/requirements',
    { summary: '导出探访要求', may: 'report.read', query: requirementListQuery.extend(format) },
    async ({ db, actor, at, parts, query: { format, ...query } }) =>
      exportFile(
        { db, keys: parts.config.keys, actor, at },
        await requirementsSheet({ db, keys: parts.config.keys, actor, query, at }),
        format,
      ),
  ),
]
