import { Page } from '../components/page'

export default function HomePage() {
  return <Page title="工作台">{null}</Page>
}
