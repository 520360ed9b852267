export { OrganisationCreditPage as default } from './detail'
