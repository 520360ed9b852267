import { doneView } from '../../shared/core/view'
import {
  checkPaperInput,
  decidePaperInput,
  paperInput,
  paperListQuery,
  paperPictureInput,
  paperSheetQuery,
} from '../../shared/paper/input'
import { paperCheckView, paperDetailView, paperDoneView, paperPage } from '../../shared/paper/view'
import { readId } from '../core/input'
import { type Route, route } from '../core/route'
import { checkPaper } from './check'
import { decidePaper } from './decide'
import { checkedOf, enterPaper } from './enter'
import { listPapers, showPaper } from './list'
import { attachPicture, readPicture } from './picture'
import { monthSheet, paperTemplate } from './sheet'

export const paperRoutes: Route[] = [
  route(
    'GET',
    '/papers',
    { summary: '纸单补录', may: 'paper.read', within: true, query: paperListQuery, view: paperPage },
    ({ db, parts, actor, query, at }) => listPapers(db, parts.config.keys, actor, query, at),
  ),
  route('GET', '/papers/template', { summary: '补录模板', may: 'paper.enter' }, () => paperTemplate()),
  route(
    'GET',
    '/papers/sheet',
    { summary: '打印一个月的登记单', may: 'paper.enter', query: paperSheetQuery },
    ({ db, parts, actor, query, at }) => monthSheet(db, parts.config.keys, actor, query, at),
  ),
  route(
    'POST',
    '/papers/check',
    { summary: '先看一遍：哪些行能补录', may: 'paper.enter', input: checkPaperInput, view: paperCheckView },
    async ({ db, parts, actor, input, at }) => checkedOf(await checkPaper(db, parts.config.keys, actor, input, at)),
  ),
  route(
    'POST',
    '/papers',
    { summary: '补录纸单，等另一个人批准', may: 'paper.enter', input: paperInput, view: paperDoneView, status: 201 },
    ({ db, parts, actor, input, at }) => enterPaper(db, parts.config.keys, actor, input, at),
  ),
  route(
    'GET',
    '/papers/:id',
    { summary: '一批补录', may: 'paper.read', within: true, view: paperDetailView },
    ({ db, parts, actor, params, at }) => showPaper(db, parts.config.keys, actor, readId(params.id), at),
  ),
  route(
    'POST',
    '/papers/:id/pictures',
    { summary: '附上纸单照片', may: 'paper.enter', input: paperPictureInput, view: doneView, status: 201 },
    ({ db, parts, actor, params, input, at }) =>
      attachPicture(db, parts.config.keys, actor, readId(params.id), input, at),
  ),
  route(
    'GET',
    '/paper-pictures/:id',
    { summary: '看纸单照片', may: 'paper.read' },
    ({ db, parts, actor, params, at }) => readPicture(db, parts.config.keys, actor, readId(params.id), at),
  ),
  route(
    'POST',
    '/papers/:id/decision',
    { summary: '批准或退回补录（第二个人）', may: 'paper.approve', input: decidePaperInput, view: doneView },
    ({ db, parts, actor, params, input, at }) =>
      decidePaper(db, parts.config.keys, actor, readId(params.id), input, at),
  ),
]
