import { nothing } from '../../shared/core/input'
import { Refusal } from '../../shared/core/refusals'
import { dayOf } from '../../shared/core/time'
import { doneView } from '../../shared/core/view'
import { readContent } from '../../shared/report/content'
import {
  askExportInput,
  askReportInput,
  dashboardQuery,
  decideExportInput,
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
import { readId } from '../core/input'
import { type Route, route } from '../core/route'
import { askReport } from './ask'
import { findDashboard } from './dashboard'
import { exportRoutes } from './export-routes'
import { regionOf } from './exports'
import { reportFile } from './files'
import { makeReports } from './make'
import { listOperations } from './operations'
import { findReport, listReportElders, listReports, showReport } from './queries'
import { signReport } from './sign'
import { supplyOf } from './supply'
import { askExport, decideExport, fetchExport, listExports } from './unmasked'

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
  ...exportRoutes,
]
