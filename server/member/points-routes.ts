import { doneView } from '../../shared/core/view'
import {
  balanceQuery,
  entriesQuery,
  myEntriesQuery,
  myPointsQuery,
  myStatementQuery,
  pointDecisionInput,
  pointImportInput,
  pointRequestInput,
  pointRequestListQuery,
  statementQuery,
  transactionListQuery,
} from '../../shared/ledger/input'
import {
  accountKinView,
  accountPageView,
  balanceView,
  clearingListView,
  entryPage,
  explanationView,
  myPointsView,
  pointRequestPage,
  programmeListView,
  statementView,
  transactionPage,
} from '../../shared/ledger/view'
import { readId } from '../core/input'
import { type Route, route } from '../core/route'
import { balanceBefore } from '../ledger/queries'
import { listClearings, listProgrammes } from './counties'
import {
  findAccount,
  findAccountPage,
  findMyPoints,
  findPointsOwner,
  listEntries,
  listMyEntries,
  myStatement,
  statementOf,
} from './entries'
import { explain } from './explain'
import { kinOfAccount } from './giving'
import { decideRequest, listRequests, requestImport, requestPoints } from './requests'
import { listTransactions } from './transactions'

/** Whose accounts they are is known here; the ledger itself knows no persons. */
const OWNERS = ['member', 'elder', 'proxy'] as const

export const pointsRoutes: Route[] = [
  route(
    'GET',
    '/points/mine',
    { summary: '我的积分', who: OWNERS, query: myPointsQuery, view: myPointsView },
    async ({ db, actor, at, query }) => findMyPoints(db, await findPointsOwner(db, actor, query.elderId), at),
  ),
  route(
    'GET',
    '/points/mine/entries',
    { summary: '我的积分明细', who: OWNERS, query: myEntriesQuery, view: entryPage },
    async ({ db, actor, query }) => listMyEntries(db, await findPointsOwner(db, actor, query.elderId), query),
  ),
  route(
    'GET',
    '/accounts/:id',
    { summary: '一个积分账户', may: 'points.read', view: accountPageView },
    ({ db, actor, params, at, parts }) => findAccountPage(db, parts.config.keys, actor, readId(params.id), at),
  ),
  route(
    'GET',
    '/accounts/:id/kin',
    { summary: '账户主人的亲属', may: 'points.read', view: accountKinView },
    async ({ db, actor, params, parts }) => {
      const { id } = await findAccount(db, parts.config.keys, actor, readId(params.id))
      return kinOfAccount(db, parts.config.keys, id)
    },
  ),
  route(
    'GET',
    '/accounts/:id/entries',
    { summary: '账户明细', may: 'points.read', query: entriesQuery, view: entryPage },
    async ({ db, actor, params, query, parts }) => {
      const { id } = await findAccount(db, parts.config.keys, actor, readId(params.id))
      return listEntries(db, id, query)
    },
  ),
  route(
    'GET',
    '/transactions',
    { summary: '积分流水', may: 'points.read', query: transactionListQuery, view: transactionPage },
    ({ db, actor, query, parts }) => listTransactions(db, parts.config.keys, actor, query),
  ),
  route(
    'GET',
    '/transactions/:id/explanation',
    { summary: '这一笔为什么是这个数', who: OWNERS, may: 'points.read', view: explanationView },
    ({ db, actor, params }) => explain(db, actor, readId(params.id)),
  ),
  route(
    'GET',
    '/points/mine/statement',
    { summary: '我的对账单', who: OWNERS, query: myStatementQuery, view: statementView },
    async ({ db, actor, query }) => myStatement(db, await findPointsOwner(db, actor, query.elderId), query),
  ),
  route(
    'GET',
    '/accounts/:id/statement',
    { summary: '账户对账单', may: 'points.read', query: statementQuery, view: statementView },
    async ({ db, actor, params, query, parts }) => {
      const { id } = await findAccount(db, parts.config.keys, actor, readId(params.id))
      return statementOf(db, id, query)
    },
  ),
  route(
    'GET',
    '/accounts/:id/balance',
    { summary: '某一时刻的积分', may: 'points.read', query: balanceQuery, view: balanceView },
    async ({ db, actor, params, query, parts, at }) => {
      const { id } = await findAccount(db, parts.config.keys, actor, readId(params.id))
      const instant = query.at === undefined ? at : new Date(query.at)
      return {
        at: instant.toISOString(),
        milliPoints: (await balanceBefore(db, id, new Date(instant.getTime() + 1))).toString(),
      }
    },
  ),
  route('GET', '/programmes', { summary: '各区县的时间银行', may: 'points.ask', view: programmeListView }, ({ db }) =>
    listProgrammes(db),
  ),
  route(
    'GET',
    '/clearings',
    { summary: '区县之间的往来', may: 'clearing.read', view: clearingListView },
    ({ db, actor }) => listClearings(db, actor),
  ),
  route(
    'GET',
    '/point-requests',
    { summary: '积分申请', may: 'points.read', query: pointRequestListQuery, view: pointRequestPage },
    ({ db, actor, query, parts }) => listRequests(db, parts.config.keys, actor, query),
  ),
  route(
    'POST',
    '/point-requests',
    { summary: '提出积分申请', may: 'points.ask', input: pointRequestInput, view: doneView, status: 201 },
    ({ db, actor, input, at }) => requestPoints(db, actor, input, at),
  ),
  route(
    'POST',
    '/point-imports',
    { summary: '申请导入别的系统的余额', may: 'points.askGrant', input: pointImportInput, view: doneView, status: 201 },
    ({ db, actor, input, at }) => requestImport(db, actor, input, at),
  ),
  route(
    'POST',
    '/point-requests/:id/decision',
    { summary: '批准或退回积分申请', may: 'points.decide', input: pointDecisionInput, view: doneView },
    ({ db, actor, params, input, at }) => decideRequest(db, actor, readId(params.id), input, at),
  ),
]
