export default definePageConfig({ navigationBarTitleText: '登记家人' })
