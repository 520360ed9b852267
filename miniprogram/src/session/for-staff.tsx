import type { ReactNode } from 'react'
import { REFUSALS } from '../../../shared/core/refusals'
import type { Me } from '../../../shared/session/view'
import { BigButton } from '../components/button'
import { Page } from '../components/page'
import { EmptyState, ErrorState } from '../components/states'
import { goFresh } from '../core/go'
import { homeOf } from '../core/home'
import { useSession } from '../core/session'

const NOT_LOGGED_IN = { code: 'NOT_LOGGED_IN', sentence: REFUSALS.NOT_LOGGED_IN[1] }

interface ForStaffProps {
  title: string
  may: (me: Me) => boolean
  children: (me: Me) => ReactNode
}

/** A page of the staff. Whoever else comes here is told so, and shown the way home. */
export function ForStaff({ title, may, children }: ForStaffProps) {
  const me = useSession()?.me ?? null
  if (me === null)
    return (
      <Page title={title}>
        <ErrorState failure={NOT_LOGGED_IN} title={NOT_LOGGED_IN.sentence} />
      </Page>
    )
  if (may(me)) return <>{children(me)}</>
  return (
    <Page title={title}>
      <EmptyState title={REFUSALS.NOT_ALLOWED[1]} note="这一页是给工作人员用的">
        <BigButton onTap={() => goFresh(homeOf(me))}>回首页</BigButton>
      </EmptyState>
    </Page>
  )
}
