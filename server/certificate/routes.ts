import { z } from 'zod'
import { certificateListQuery, issueInput, revokeCertificateInput } from '../../shared/certificate/input'
import { certificateView, publicCertificateView } from '../../shared/certificate/view'
import { type Route, route } from '../core/route'
import { issueCertificate } from './issue'
import { presentCertificate } from './present'
import { certificatePdf } from './print'
import { findCertificate, findPublicCertificate, listCertificates, proofFile } from './queries'
import { revokeCertificate } from './revoke'

export const certificateRoutes: Route[] = [
  route(
    'POST',
    '/certificates',
    {
      summary: '开具证明或对账单',
      who: ['member'],
      may: 'certificate.keep',
      input: issueInput,
      view: certificateView,
      status: 201,
    },
    async ({ db, parts, actor, input, at }) =>
      presentCertificate(await findCertificate(db, actor, await issueCertificate(parts, actor, input, at))),
  ),
  route(
    'GET',
    '/certificates',
    {
      summary: '开过的证明',
      who: ['member'],
      may: 'certificate.read',
      query: certificateListQuery,
      view: z.object({ items: z.array(certificateView) }),
    },
    async ({ db, actor, query }) => ({
      items: (await listCertificates(db, actor, query.memberId)).map(presentCertificate),
    }),
  ),
  route(
    'GET',
    '/certificates/:no/pdf',
    { summary: '证明（PDF）', who: ['member'], may: 'certificate.read' },
    async ({ db, parts, actor, params, at }) =>
      certificatePdf(parts, actor, await findCertificate(db, actor, params.no), at),
  ),
  route(
    'GET',
    '/certificates/:no/proof',
    { summary: '证明的凭据（.tlog-proof）', who: ['member'], may: 'certificate.read' },
    async ({ db, parts, actor, params }) => proofFile(parts, await findCertificate(db, actor, params.no)),
  ),
  route(
    'POST',
    '/certificates/:no/revocation',
    { summary: '撤销证明', may: 'certificate.keep', input: revokeCertificateInput, view: certificateView },
    async ({ db, parts, actor, params, input, at }) =>
      presentCertificate(await findCertificate(db, actor, await revokeCertificate(parts, actor, params.no, input, at))),
  ),
  route(
    'GET',
    '/public/certificates/:no',
    { summary: '查一份证明', who: 'public', view: publicCertificateView },
    ({ parts, params, at }) => findPublicCertificate(parts, params.no ?? '', at),
  ),
]
