import { CreditOf } from './detail'

export default function HelperCreditPage() {
  return <CreditOf kind="helper" />
}
