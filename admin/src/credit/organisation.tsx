import { CreditOf } from './detail'

export default function OrganisationCreditPage() {
  return <CreditOf kind="organisation" />
}
