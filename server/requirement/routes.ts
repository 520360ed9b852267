import { z } from 'zod'
import {
  addRequirementInput,
  changeRequirementInput,
  coverageQuery,
  endRequirementInput,
  hoursQuery,
  missingQuery,
  planQuery,
  requirementListQuery,
} from '../../shared/requirement/input'
import {
  coverageElderPage,
  coverageView,
  helperHoursView,
  helperPlanView,
  hoursView,
  planView,
  requirementView,
} from '../../shared/requirement/view'
import { can } from '../../shared/session/permissions'
import { type Actor, homeOf } from '../core/actor'
import type { Db } from '../core/db'
import { readId } from '../core/input'
import { type Route, route } from '../core/route'
import { findRegionInScope } from '../region/queries'
import { coverage } from './coverage'
import { listCoverageElders } from './elders'
import { hoursOfHelpers } from './helpers'
import { hoursOfVillage } from './hours'
import { addRequirement, changeRequirement, endRequirement, listRequirements } from './manage'
import { planOf, planOfHelpers } from './plan'

/** The place asked for, or the one whoever asks works in. */
const placeOf = (db: Db, actor: Actor, regionId: string | undefined) =>
  findRegionInScope(db, actor, can('requirement.read'), regionId ?? homeOf(actor, can('requirement.read')))

export const requirementRoutes: Route[] = [
  route(
    'GET',
    '/requirements',
    { summary: '探访要求', may: 'requirement.read', query: requirementListQuery, view: z.array(requirementView) },
    ({ db, actor, query }) => listRequirements(db, actor, query.regionId),
  ),
  route(
    'POST',
    '/requirements',
    { summary: '增加探访要求', may: 'requirement.rule', input: addRequirementInput, view: requirementView },
    ({ db, actor, input, at }) => addRequirement(db, actor, input, at),
  ),
  route(
    'POST',
    '/requirements/:id/versions',
    { summary: '从某天起改探访要求', may: 'requirement.rule', input: changeRequirementInput, view: requirementView },
    ({ db, actor, params, input, at }) => changeRequirement(db, actor, readId(params.id), input, at),
  ),
  route(
    'POST',
    '/requirements/:id/ending',
    { summary: '结束探访要求', may: 'requirement.rule', input: endRequirementInput, view: requirementView },
    ({ db, actor, params, input, at }) => endRequirement(db, actor, readId(params.id), input, at),
  ),
  route(
    'GET',
    '/coverage',
    { summary: '覆盖看板', may: 'requirement.read', query: coverageQuery, view: coverageView },
    async ({ db, actor, query }) => coverage(db, await placeOf(db, actor, query.regionId), query.month, query),
  ),
  route(
    'GET',
    '/coverage/elders',
    { summary: '应访的老人，一人一行', may: 'requirement.read', query: missingQuery, view: coverageElderPage },
    ({ db, actor, query, at, parts }) => listCoverageElders(db, parts.config.keys, actor, query, at),
  ),
  route(
    'GET',
    '/hours',
    { summary: '时长与要求', may: 'requirement.read', query: hoursQuery, view: hoursView },
    async ({ db, actor, query, parts }) =>
      hoursOfVillage(
        db,
        parts.config.keys,
        await findRegionInScope(db, actor, can('requirement.read'), query.regionId),
        query.month,
      ),
  ),
  route(
    'GET',
    '/hours/helpers',
    { summary: '时长与要求，按志愿者', may: 'requirement.read', query: hoursQuery, view: helperHoursView },
    async ({ db, actor, query, parts }) =>
      hoursOfHelpers(
        db,
        parts.config.keys,
        await findRegionInScope(db, actor, can('requirement.read'), query.regionId),
        query.month,
      ),
  ),
  route(
    'GET',
    '/plan',
    { summary: '探访安排', may: 'requirement.read', query: planQuery, view: planView },
    async ({ db, actor, query, at, parts }) =>
      planOf(db, parts.config.keys, await placeOf(db, actor, query.regionId), at),
  ),
  route(
    'GET',
    '/plan/helpers',
    { summary: '探访安排，按志愿者', may: 'requirement.read', query: planQuery, view: helperPlanView },
    async ({ db, actor, query, at, parts }) =>
      planOfHelpers(db, parts.config.keys, await placeOf(db, actor, query.regionId), at),
  ),
]
