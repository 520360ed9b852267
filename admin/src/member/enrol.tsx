import { useQueryClient } from '@tanstack/react-query'
import { Button, Checkbox, Form, Radio } from 'antd'
import { useRef } from 'react'
import { useNavigate } from 'react-router'
import { CONSENT_TEXT } from '../../../shared/elder/words'
import type { MemberDetail } from '../../../shared/member/view'
import { may } from '../../../shared/session/permissions'
import { Choice } from '../components/choice'
import { useSubmit } from '../components/form'
import { LinesInput } from '../components/lines-input'
import { Page, Section } from '../components/page'
import { PersonPicker } from '../components/person-picker'
import { RegionPicker } from '../components/region-picker'
import { NoPermission, Refused } from '../components/states'
import { post } from '../core/call'
import { newId } from '../core/new-id'
import { REQUIRED } from '../core/rules'
import { useOwnVillage, useScoped } from '../core/scope'
import { useMe } from '../core/session'
import { useTell } from '../core/use-action'
import { useDraft } from '../core/use-draft'
import { CONSENT_HOW_WORDS, CONSENT_WORDS, MEMBER_KIND_WORDS, optionsOf } from '../core/words'
import { PersonFields, type PersonValues, personFrom } from '../person/person-fields'

interface EnrolValues extends PersonValues {
  regionId: string
  kind: string
  trainings: string[]
  consents: string[]
  how: string
  referrerId?: string
}

const NEVER_KEPT = ['idNumber', 'phone']

export default function EnrolMemberPage() {
  const me = useMe()
  const navigate = useNavigate()
  const village = useOwnVillage()
  const scoped = useScoped()
  const cache = useQueryClient()
  const tell = useTell()
  const [form] = Form.useForm<EnrolValues>()
  const draft = useDraft('member', form, NEVER_KEPT)
  const key = useRef(newId())
  const enrol = ({ regionId, kind, trainings, consents, how, referrerId, ...person }: EnrolValues) =>
    post<MemberDetail>('/members', {
      id: key.current,
      regionId,
      kind,
      person: personFrom(person),
      trainings,
      ...(referrerId === undefined ? {} : { referrerId }),
      consents: consents.map((one) => ({ kind: one, textVersion: CONSENT_TEXT, how })),
    })
  const { submit, busy, failure } = useSubmit(form, enrol, (member) => {
    draft.drop()
    tell('登记好了')
    cache.invalidateQueries({ queryKey: ['/members'] })
    navigate(scoped(`/members/${member.id}`), { replace: true })
  })
  const back = { to: scoped('/members'), label: '志愿者' }
  if (!may(me, 'member.keep'))
    return (
      <Page title="登记志愿者" back={back}>
        <NoPermission />
      </Page>
    )
  return (
    <Page title="登记志愿者" back={back}>
      <Form<EnrolValues>
        form={form}
        layout="vertical"
        requiredMark={false}
        autoComplete="off"
        className="form stack"
        scrollToFirstError={{ block: 'center', focus: true }}
        initialValues={{
          regionId: village?.regionId,
          identityKind: 'idCard',
          kind: 'volunteer',
          trainings: [],
          consents: ['identity', 'location'],
          how: 'paper',
        }}
        onValuesChange={(_, all) => draft.keep(all)}
        onFinish={submit}
      >
        <Section title="本人">
          <PersonFields />
        </Section>
        <Section title="身份">
          <Form.Item name="kind" label="登记成">
            <Radio.Group options={optionsOf(MEMBER_KIND_WORDS)} />
          </Form.Item>
          <Form.Item name="regionId" label="村或社区" rules={REQUIRED}>
            <RegionPicker name={village?.regionName} />
          </Form.Item>
          <Form.Item name="trainings" label="参加过的培训（一行一项，可不填）">
            <LinesInput />
          </Form.Item>
          <Form.Item name="referrerId" label="谁介绍来的（没有就不填）">
            <PersonPicker path="/members" narrow={{ state: 'active' }} optional />
          </Form.Item>
        </Section>
        <Section title="本人同意" note={`同意书文本 ${CONSENT_TEXT} 版`}>
          <Form.Item name="consents" label="同意的内容">
            <Checkbox.Group options={optionsOf(CONSENT_WORDS).filter(({ value }) => value !== 'proxy')} />
          </Form.Item>
          <Form.Item name="how" label="怎么同意的">
            <Choice width={220} options={optionsOf(CONSENT_HOW_WORDS)} />
          </Form.Item>
        </Section>
        <Refused failure={failure} />
        <div className="row">
          <Button type="primary" size="large" htmlType="submit" loading={busy}>
            登记
          </Button>
        </div>
      </Form>
    </Page>
  )
}
