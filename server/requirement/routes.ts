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
  hoursView,
  planView,
  requirementView,
} from '../../shared/requirement/view'
import { DESK, homeOf } from '../core/actor'
import { readId } from '../core/input'
import { type Route, route } from '../core/route'
import { findRegionInScope } from '../region/queries'
import { coverage } from './coverage'
import { listCoverageElders } from './elders'
import { hoursOfHelpers } from './helpers'
import { hoursOfVillage } from './hours'
import { addRequirement, changeRequirement, endRequirement, listRequirements, RULERS } from './manage'
import { planOf } from './plan'

export const requirementRoutes: Route[] = [
  route(
    'GET',
    '/requirements',
    { summary: '探访要求', who: DESK, query: requirementListQuery, view: z.array(requirementView) },
    ({ db, actor, query }) => listRequirements(db, actor, query.regionId),
  ),
  route(
    'POST',
    '/requirements',
    { summary: '增加探访要求', who: RULERS, input: addRequirementInput, view: requirementView },
    ({ db, actor, input, at }) => addRequirement(db, actor, input, at),
  ),
  route(
    'POST',
    '/requirements/:id/versions',
    { summary: '从某天起改探访要求', who: RULERS, input: changeRequirementInput, view: requirementView },
    ({ db, actor, params, input, at }) => changeRequirement(db, actor, readId(params.id), input, at),
  ),
  route(
    'POST',
    '/requirements/:id/ending',
    { summary: '结束探访要求', who: RULERS, input: endRequirementInput, view: requirementView },
    ({ db, actor, params, input, at }) => endRequirement(db, actor, readId(params.id), input, at),
  ),
  route(
    'GET',
    '/coverage',
    { summary: '覆盖看板', who: DESK, query: coverageQuery, view: coverageView },
    async ({ db, actor, query }) =>
      coverage(db, await findRegionInScope(db, actor, DESK, query.regionId ?? homeOf(actor, DESK)), query.month, query),
  ),
  route(
    'GET',
    '/coverage/elders',
    { summary: '应访的老人，一人一行', who: DESK, query: missingQuery, view: coverageElderPage },
    ({ db, actor, query, at, parts }) => listCoverageElders(db, parts.config.keys, actor, query, at),
  ),
  route(
    'GET',
    '/hours',
    { summary: '时长与要求', who: DESK, query: hoursQuery, view: hoursView },
    async ({ db, actor, query, parts }) =>
      hoursOfVillage(db, parts.config.keys, await findRegionInScope(db, actor, DESK, query.regionId), query.month),
  ),
  route(
    'GET',
    '/hours/helpers',
    { summary: '时长与要求，按志愿者', who: DESK, query: hoursQuery, view: helperHoursView },
    async ({ db, actor, query, parts }) =>
      hoursOfHelpers(db, parts.config.keys, await findRegionInScope(db, actor, DESK, query.regionId), query.month),
  ),
  route(
    'GET',
    '/plan',
    { summary: '探访安排', who: DESK, query: planQuery, view: planView },
    async ({ db, actor, query, at, parts }) =>
      planOf(
        db,
        parts.config.keys,
        await findRegionInScope(db, actor, DESK, query.regionId ?? homeOf(actor, DESK)),
        at,
      ),
  ),
]
