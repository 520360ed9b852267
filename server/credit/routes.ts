import { doneView } from '../../shared/core/view'
import {
  appealListingInput,
  creditListQuery,
  decideListingAppealInput,
  decideListingInput,
  gradeNowInput,
  liftListingInput,
  listingListQuery,
  proposeListingInput,
  setCreditRuleInput,
} from '../../shared/credit/input'
import {
  creditDetailView,
  creditPage,
  creditRulesView,
  gradedView,
  listingPage,
  ownCreditView,
} from '../../shared/credit/view'
import { readId } from '../core/input'
import { type Route, route } from '../core/route'
import { gradeNow } from './evaluate'
import { appealListing, decideListing, decideListingAppeal, liftListing, proposeListing } from './listing'
import { findCredit, findOwnCredit, listCredit, listListings } from './queries'
import { findCreditRules, setCreditRule } from './rule'

export const creditRoutes: Route[] = [
  route(
    'GET',
    '/credit',
    { summary: '信用等级', may: 'credit.read', query: creditListQuery, view: creditPage },
    ({ db, actor, query, parts, at }) => listCredit(db, parts.config.keys, actor, query, at),
  ),
  route(
    'GET',
    '/credit/mine',
    { summary: '我的信用', who: ['member'], view: ownCreditView },
    ({ db, actor, parts, at }) => findOwnCredit(db, parts.config.keys, actor, at),
  ),
  route(
    'GET',
    '/credit/helpers/:id',
    { summary: '一位志愿者的信用', may: 'credit.read', view: creditDetailView },
    ({ db, actor, params, parts }) =>
      findCredit(db, parts.config.keys, actor, { kind: 'helper', id: readId(params.id) }),
  ),
  route(
    'GET',
    '/credit/organisations/:id',
    { summary: '一个组织的信用', may: 'credit.read', view: creditDetailView },
    ({ db, actor, params, parts }) =>
      findCredit(db, parts.config.keys, actor, { kind: 'organisation', id: readId(params.id) }),
  ),
  route(
    'GET',
    '/credit-rules',
    { summary: '评级办法', may: 'credit.read', view: creditRulesView },
    ({ db, actor, parts }) => findCreditRules(db, parts.config.keys, actor),
  ),
  route(
    'POST',
    '/credit-rules',
    { summary: '定评级办法', may: 'credit.rule', input: setCreditRuleInput, view: creditRulesView },
    async ({ db, actor, input, parts, at }) => {
      await setCreditRule(db, actor, input, at)
      return findCreditRules(db, parts.config.keys, actor)
    },
  ),
  route(
    'POST',
    '/credit-grades',
    { summary: '现在重新评级，明天起算', may: 'credit.rule', input: gradeNowInput, view: gradedView },
    ({ db, actor, input, at }) => gradeNow(db, actor, input, at),
  ),
  route(
    'GET',
    '/credit-listings',
    { summary: '红黑名单', may: 'credit.read', query: listingListQuery, view: listingPage },
    ({ db, actor, query, parts }) => listListings(db, parts.config.keys, actor, query),
  ),
  route(
    'POST',
    '/credit-listings',
    { summary: '提请列入红名单或黑名单', may: 'credit.list', input: proposeListingInput, view: doneView, status: 201 },
    ({ db, actor, input, at }) => proposeListing(db, actor, input, at),
  ),
  route(
    'POST',
    '/credit-listings/:id/decision',
    { summary: '决定列入不列入（第二人）', may: 'credit.decide', input: decideListingInput, view: doneView },
    ({ db, actor, params, input, at }) => decideListing(db, actor, readId(params.id), input, at),
  ),
  route(
    'POST',
    '/credit-listings/:id/lifting',
    { summary: '移出名单', may: 'credit.decide', input: liftListingInput, view: doneView },
    ({ db, actor, params, input, at }) => liftListing(db, actor, readId(params.id), input, at),
  ),
  route(
    'POST',
    '/credit-listings/:id/appeals',
    { summary: '对名单申诉', who: ['member'], input: appealListingInput, view: doneView, status: 201 },
    ({ db, actor, params, input, at }) => appealListing(db, actor, readId(params.id), input, at),
  ),
  route(
    'POST',
    '/credit-appeals/:id/decision',
    { summary: '处理名单申诉（第三人）', may: 'credit.decide', input: decideListingAppealInput, view: doneView },
    ({ db, actor, params, input, at }) => decideListingAppeal(db, actor, readId(params.id), input, at),
  ),
]
