import { useQueryClient } from '@tanstack/react-query'
import { Button, Checkbox, Form, Input } from 'antd'
import { useRef } from 'react'
import { useNavigate } from 'react-router'
import type { ElderDetail } from '../../../shared/elder/view'
import { CONSENT_TEXT } from '../../../shared/elder/words'
import { may } from '../../../shared/session/permissions'
import { Choice } from '../components/choice'
import { DayInput } from '../components/day-input'
import { useSubmit } from '../components/form'
import { Page, Section } from '../components/page'
import { PersonPicker } from '../components/person-picker'
import { RegionPicker } from '../components/region-picker'
import { NoPermission, Refused } from '../components/states'
import { post } from '../core/call'
import { newId } from '../core/new-id'
import { REQUIRED, SOME } from '../core/rules'
import { useOwnVillage, useScoped } from '../core/scope'
import { useMe } from '../core/session'
import { today } from '../core/today'
import { useTell } from '../core/use-action'
import { useDraft } from '../core/use-draft'
import { CATEGORY_WORDS, CONSENT_HOW_WORDS, CONSENT_WORDS, optionsOf } from '../core/words'
import { PersonFields, type PersonValues, personFrom } from '../person/person-fields'

interface EnrolValues extends PersonValues {
  regionId: string
  address: string
  householdOf?: string
  ownPhone: boolean
  categories: string[]
  validFrom: string
  contacts: { relation: string; name: string; phone: string }[]
  consents: string[]
  how: string
  anotherPerson?: boolean
}

const NEVER_KEPT = ['idNumber', 'phone', 'address']

export default function EnrolElderPage() {
  const me = useMe()
  const navigate = useNavigate()
  const village = useOwnVillage()
  const scoped = useScoped()
  const cache = useQueryClient()
  const tell = useTell()
  const [form] = Form.useForm<EnrolValues>()
  const draft = useDraft('elder', form, NEVER_KEPT)
  const isAnother = Form.useWatch('anotherPerson', form) === true
  // Made once and kept until it is answered: pressed twice, the elder is enrolled once.
  const ids = useRef(new Map<string, string>())
  function idOf(what: string): string {
    const id = ids.current.get(what) ?? newId()
    ids.current.set(what, id)
    return id
  }

  const enrol = (values: EnrolValues) =>
    post<ElderDetail>('/elders', {
      id: idOf('elder'),
      regionId: values.regionId,
      person: personFrom(values),
      address: values.address.trim(),
      householdOf: values.householdOf,
      ownPhone: values.ownPhone,
      categories: values.categories.map((category) => ({ id: idOf(category), category, validFrom: values.validFrom })),
      contacts: (values.contacts ?? []).map((contact, at) => ({ id: idOf(`contact-${at}`), ...contact })),
      consents: values.consents.map((kind) => ({ kind, textVersion: CONSENT_TEXT, how: values.how })),
      ...(values.anotherPerson === true ? { anotherPerson: true } : {}),
    })
  const { submit, busy, failure } = useSubmit(form, enrol, (elder) => {
    draft.drop()
    tell('登记好了')
    cache.invalidateQueries({ queryKey: ['/elders'] })
    navigate(scoped(`/elders/${elder.id}`), { replace: true })
  })

  const back = { to: scoped('/elders'), label: '老人' }
  if (!may(me, 'elder.keep'))
    return (
      <Page title="登记老人" back={back}>
        <NoPermission />
      </Page>
    )
  return (
    <Page title="登记老人" back={back}>
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
          ownPhone: false,
          categories: [],
          validFrom: today(),
          contacts: [],
          consents: ['service', 'identity'],
          how: 'paper',
        }}
        onValuesChange={(_, all) => draft.keep(all)}
        onFinish={submit}
      >
        <Section title="本人">
          <PersonFields />
          <Form.Item name="ownPhone" valuePropName="checked">
            <Checkbox>老人自己用手机，可以自己确认</Checkbox>
          </Form.Item>
        </Section>
        <Section title="住在">
          <div className="pair">
            <Form.Item name="regionId" label="村或社区" rules={REQUIRED}>
              <RegionPicker name={village?.regionName} />
            </Form.Item>
            <Form.Item name="address" label="住址（门牌、房号）" rules={REQUIRED}>
              <Input maxLength={100} />
            </Form.Item>
          </div>
        </Section>
        <Section title="同住" note="一个门牌后面住的几位老人，一次上门可以一起服务">
          <Form.Item name="householdOf" label="和已经登记的哪位老人住一起（可不填）">
            <PersonPicker path="/elders" narrow={{ state: 'active' }} optional />
          </Form.Item>
        </Section>
        <Section title="类别" note="有类别才有探访要求">
          <Form.Item name="categories" label="选一个或几个">
            <Checkbox.Group options={optionsOf(CATEGORY_WORDS)} />
          </Form.Item>
          <Form.Item name="validFrom" label="从哪天起" rules={REQUIRED}>
            <DayInput />
          </Form.Item>
        </Section>
        <Section title="联系人" note="最多 5 位">
          <Form.List name="contacts">
            {(fields, { add, remove }) => (
              <>
                {fields.map(({ key, name }) => (
                  <div
                    key={key}
                    className="pair"
                    style={{ gridTemplateColumns: 'repeat(auto-fit, minmax(140px, 1fr))' }}
                  >
                    <Form.Item name={[name, 'relation']} label="关系" rules={REQUIRED}>
                      <Input maxLength={10} />
                    </Form.Item>
                    <Form.Item name={[name, 'name']} label="姓名" rules={REQUIRED}>
                      <Input maxLength={30} />
                    </Form.Item>
                    <Form.Item name={[name, 'phone']} label="电话" rules={REQUIRED}>
                      <Input maxLength={20} inputMode="tel" />
                    </Form.Item>
                    <Form.Item label=" ">
                      <Button onClick={() => remove(name)}>去掉这一位</Button>
                    </Form.Item>
                  </div>
                ))}
                {fields.length < 5 && <Button onClick={() => add()}>加一位联系人</Button>}
              </>
            )}
          </Form.List>
        </Section>
        <Section title="本人同意" note={`同意书文本 ${CONSENT_TEXT} 版`}>
          <Form.Item name="consents" label="同意的内容" rules={SOME}>
            <Checkbox.Group options={optionsOf(CONSENT_WORDS)} />
          </Form.Item>
          <Form.Item name="how" label="怎么同意的">
            <Choice width={220} options={optionsOf(CONSENT_HOW_WORDS)} />
          </Form.Item>
        </Section>
        <Refused failure={failure} />
        {(failure?.code === 'ELDER_ALIKE' || isAnother) && (
          <Form.Item name="anotherPerson" valuePropName="checked">
            <Checkbox>核对过了，是另一位老人</Checkbox>
          </Form.Item>
        )}
        <div className="row">
          <Button type="primary" size="large" htmlType="submit" loading={busy}>
            登记
          </Button>
          <Button
            size="large"
            onClick={() => {
              draft.drop()
              form.resetFields()
            }}
          >
            清空
          </Button>
        </div>
      </Form>
    </Page>
  )
}
