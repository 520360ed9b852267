import { Refusal } from '../../shared/core/refusals'
import { addPairingInput, agreePairingInput, endPairingInput, pairingListQuery } from '../../shared/pairing/input'
import { myPairingsView, pairingPage, pairingView } from '../../shared/pairing/view'
import { readId } from '../core/input'
import { type Route, route } from '../core/route'
import { listPairings, myPairings, showPairing } from './list'
import { addPairing, agreePairing, endPairing } from './pair'

export const pairingRoutes: Route[] = [
  route(
    'GET',
    '/pairings',
    { summary: '结对', may: 'elder.read', within: true, query: pairingListQuery, view: pairingPage },
    ({ db, parts, actor, query, at }) => listPairings(db, parts.config.keys, actor, query, at),
  ),
  route(
    'GET',
    '/pairings/mine',
    { summary: '我结对的老人', who: ['member'], view: myPairingsView },
    ({ db, parts, actor, at }) => {
      if (actor.member === null) throw new Refusal('NOT_A_MEMBER')
      return myPairings(db, parts.config.keys, actor.member.id, at)
    },
  ),
  route(
    'POST',
    '/pairings',
    { summary: '给老人结对', may: 'elder.keep', input: addPairingInput, view: pairingView, status: 201 },
    async ({ db, parts, actor, input, at }) =>
      showPairing(db, parts.config.keys, (await addPairing(db, actor, input, at)).id, at),
  ),
  route(
    'POST',
    '/pairings/:id/agreement',
    { summary: '书面协议签好了', may: 'elder.keep', input: agreePairingInput, view: pairingView },
    async ({ db, parts, actor, params, input, at }) =>
      showPairing(db, parts.config.keys, (await agreePairing(db, actor, readId(params.id), input, at)).id, at),
  ),
  route(
    'POST',
    '/pairings/:id/ending',
    { summary: '结束结对', may: 'elder.keep', input: endPairingInput, view: pairingView },
    async ({ db, parts, actor, params, input, at }) =>
      showPairing(db, parts.config.keys, (await endPairing(db, actor, readId(params.id), input, at)).id, at),
  ),
]
