import { doneView } from '../../shared/core/view'
import { decideTextInput, textListQuery } from '../../shared/text/input'
import { textPage } from '../../shared/text/view'
import { readId } from '../core/input'
import { type Route, route } from '../core/route'
import { decideText, listTexts } from './desk'

export const textRoutes: Route[] = [
  route(
    'GET',
    '/texts',
    { summary: '要看一看的文字', may: 'text.judge', within: true, query: textListQuery, view: textPage },
    ({ db, parts, actor, query }) => listTexts(db, parts.config.keys, actor, query),
  ),
  route(
    'POST',
    '/texts/:id/decision',
    { summary: '决定一段文字显示还是隐藏', may: 'text.judge', input: decideTextInput, view: doneView },
    ({ db, actor, params, input, at }) => decideText(db, actor, readId(params.id), input, at),
  ),
]
