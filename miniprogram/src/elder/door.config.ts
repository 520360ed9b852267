export default definePageConfig({ navigationBarTitleText: '到户核对' })
