import { Button } from 'antd'
import type { ReactNode } from 'react'
import { useHref, useNavigate } from 'react-router'

interface LinkButtonProps {
  to: string
  primary?: boolean
  icon?: ReactNode
  children: ReactNode
}

/** Looks like a button, is a link: it can be opened in a new tab. */
export function LinkButton({ to, primary = false, icon, children }: LinkButtonProps) {
  const href = useHref(to)
  const navigate = useNavigate()
  return (
    <Button
      type={primary ? 'primary' : 'default'}
      icon={icon}
      href={href}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return
        event.preventDefault()
        navigate(to)
      }}
    >
      {children}
    </Button>
  )
}
