import { uploadInput } from '../../shared/queue/input'
import { uploadView } from '../../shared/queue/view'
import { type Route, route } from '../core/route'
import { uploadEvents } from './upload'

export const queueRoutes: Route[] = [
  route(
    'POST',
    '/queue-events',
    {
      summary: '补传没有网络时做的事，重传得到同样的回答',
      who: ['member', 'elder', 'proxy'],
      may: 'queue.upload',
      input: uploadInput,
      view: uploadView,
    },
    ({ db, actor, input, at, parts }) => uploadEvents({ db, keys: parts.config.keys, actor, at }, input),
  ),
]
