import { z } from 'zod'
import { nothing } from '../../shared/core/input'
import { doneView } from '../../shared/core/view'
import {
  addDraftInput,
  addTrialInput,
  changeDraftInput,
  checkSchemeInput,
  runSchemeInput,
  schemeListQuery,
} from '../../shared/scheme/input'
import {
  checkView,
  draftView,
  jsonSchemaView,
  presetView,
  runView,
  schemesView,
  trialView,
} from '../../shared/scheme/view'
import { sentencesOf } from '../../shared/scheme/words'
import { can } from '../../shared/session/permissions'
import { readId } from '../core/input'
import { route } from '../core/route'
import { findRegionInScope } from '../region/queries'
import { servicesAt } from '../service/queries'
import { addDraft, changeDraft, publishDraft, returnDraft, submitDraft, withdrawDraft } from './draft'
import { findDraft, findTrial, listSchemes } from './list'
import { listPresets } from './presets'
import { hasErrors, readScheme, schemeJsonSchema } from './read'
import { readVersions, runScheme } from './run'
import { addTrial, runTrial } from './trial'

export const schemeRoutes = [
  route(
    'GET',
    '/schemes',
    { summary: '积分规则：发布了的和草稿', may: 'scheme.read', query: schemeListQuery, view: schemesView },
    ({ db, actor, query, at, parts }) => listSchemes({ db, keys: parts.config.keys, actor, at }, query),
  ),
  route('GET', '/scheme-schema', { summary: '积分规则的 JSON Schema', who: 'public', view: jsonSchemaView }, async () =>
    schemeJsonSchema(),
  ),
  route(
    'GET',
    '/scheme-presets',
    { summary: '各地现行的规则', may: 'scheme.read', view: z.array(presetView) },
    async () => listPresets(),
  ),
  route(
    'POST',
    '/scheme-checks',
    { summary: '检查一份规则', may: 'scheme.read', input: checkSchemeInput, view: checkView },
    async ({ db, actor, input }) => {
      const region =
        input.regionId === undefined ? null : await findRegionInScope(db, actor, can('scheme.read'), input.regionId)
      const services = region === null ? null : (await servicesAt(db, region.path)).map(({ code }) => code)
      const { document, problems } = readScheme(input.document, services)
      return { problems, sentences: document === null ? [] : sentencesOf(document) }
    },
  ),
  route(
    'POST',
    '/scheme-runs',
    { summary: '用一份规则试算一组事件', may: 'scheme.read', input: runSchemeInput, view: runView },
    async ({ input }) => {
      const { versions, problems } = readVersions(input.scheme)
      return versions.length === 0 || hasErrors(problems)
        ? { problems, outcomes: [], people: [], poolMilliPoints: '0' }
        : { problems, ...runScheme(versions, input.file) }
    },
  ),
  route(
    'POST',
    '/scheme-drafts',
    { summary: '新写一份规则', may: 'scheme.write', input: addDraftInput, view: draftView },
    async ({ db, actor, input, at, parts }) => {
      const { id } = await addDraft(db, actor, input, at)
      return findDraft({ db, keys: parts.config.keys, actor, at }, id)
    },
  ),
  route(
    'GET',
    '/scheme-drafts/:id',
    { summary: '一份规则草稿', may: 'scheme.read', view: draftView },
    ({ db, actor, params, at, parts }) => findDraft({ db, keys: parts.config.keys, actor, at }, readId(params.id)),
  ),
  route(
    'PUT',
    '/scheme-drafts/:id',
    { summary: '修改规则草稿', may: 'scheme.write', input: changeDraftInput, view: draftView },
    async ({ db, actor, params, input, at, parts }) => {
      const { id } = await changeDraft(db, actor, readId(params.id), input, at)
      return findDraft({ db, keys: parts.config.keys, actor, at }, id)
    },
  ),
  ...(
    [
      ['submission', '提交规则，请另一个人发布', submitDraft],
      ['return', '退回规则草稿', returnDraft],
      ['withdrawal', '作废规则草稿', withdrawDraft],
      ['publication', '发布规则（第二个人）', publishDraft],
    ] as const
  ).map(([step, summary, verb]) =>
    route(
      'POST',
      `/scheme-drafts/:id/${step}`,
      { summary, may: 'scheme.write', input: nothing, view: draftView },
      async ({ db, actor, params, at, parts }) => {
        const { id } = await verb(db, actor, readId(params.id), at)
        return findDraft({ db, keys: parts.config.keys, actor, at }, id)
      },
    ),
  ),
  route(
    'POST',
    '/scheme-trials',
    { summary: '用过去的服务试算一份草稿', may: 'scheme.write', input: addTrialInput, view: doneView },
    async ({ db, actor, input, at, parts }) => {
      const { id } = await addTrial(db, actor, input, at)
      // It goes on after the answer; how far it has got is read with GET.
      void runTrial(parts, id)
      return { id }
    },
  ),
  route(
    'GET',
    '/scheme-trials/:id',
    { summary: '试算的进度和结果', may: 'scheme.read', view: trialView },
    ({ db, actor, params, at, parts }) => findTrial({ db, keys: parts.config.keys, actor, at }, readId(params.id)),
  ),
]
