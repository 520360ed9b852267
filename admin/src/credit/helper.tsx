export { HelperCreditPage as default } from './detail'
