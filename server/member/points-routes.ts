import { entriesQuery, myEntriesQuery, myPointsQuery, transactionListQuery } from '../../shared/ledger/input'
import { accountView, entryPage, myPointsView, transactionPage } from '../../shared/ledger/view'
import { DESK } from '../core/actor'
import { readId } from '../core/input'
import { type Route, route } from '../core/route'
import { findAccount, findMyPoints, findPointsOwner, listEntries, listMyEntries } from './entries'
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
    { summary: '一个积分账户', who: DESK, view: accountView },
    ({ db, actor, params, parts }) => findAccount(db, parts.config.keys, actor, readId(params.id)),
  ),
  route(
    'GET',
    '/accounts/:id/entries',
    { summary: '账户明细', who: DESK, query: entriesQuery, view: entryPage },
    async ({ db, actor, params, query, parts }) => {
      const { id } = await findAccount(db, parts.config.keys, actor, readId(params.id))
      return listEntries(db, id, query)
    },
  ),
  route(
    'GET',
    '/transactions',
    { summary: '积分流水', who: DESK, query: transactionListQuery, view: transactionPage },
    ({ db, actor, query, parts }) => listTransactions(db, parts.config.keys, actor, query),
  ),
]
