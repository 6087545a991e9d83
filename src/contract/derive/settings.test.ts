import { expect, it } from 'vitest'
import { guessType } from './guess.ts'
import { readInSettings } from './settings.ts'

const code = `
import os
from pydantic_settings import BaseSettings

class Other(BaseModel):
    not_one: str

class Settings(BaseSettings):
    """Settings.
    note: this is prose
    """

    model_config = SettingsConfigDict(env_file=".env")
    kind: ClassVar[str] = "x"
    SECRET_KEY: str
    sentry_dsn: str | None = None
    debug: bool = False  # in development
    cors_origins: list[str] = []
    allowed_hosts: str = "localhost"
    api_key: SecretStr = Field(...)
    smtp_host: str = Field(description="where mail goes")
    smtp_port: int = Field(default=587, ge=1)
    pool: int = Field(20)
    store: str = Field(alias="DATABASE_URL")
    tags: Annotated[list[str], NoDecode] = []

    @property
    def url(self) -> str:
        inner: str = "x"
        return inner

class Mail(BaseSettings):
    host: str
    class Config:
        env_prefix = 'MAIL_'

other: str = "x"
`

it('finds the fields of settings classes of pydantic', () => {
  expect(readInSettings(code).map(({ name, needed, form }) => [name, needed, form])).toEqual([
    ['SECRET_KEY', true, 'text'],
    ['SENTRY_DSN', false, 'text'],
    ['DEBUG', false, null],
    ['CORS_ORIGINS', false, 'json'],
    ['ALLOWED_HOSTS', false, 'text'],
    ['API_KEY', true, null],
    ['SMTP_HOST', true, 'text'],
    ['SMTP_PORT', false, null],
    ['POOL', false, null],
    ['DATABASE_URL', true, 'text'],
    ['TAGS', false, null],
    ['MAIL_HOST', true, 'text'],
  ])
})

it.each([
  ['text', '["a.example"]', 'zarpe_hosts'],
  ['json', 'a.example,b.example', 'zarpe_hosts(format=json)'],
  [null, '["a.example"]', 'zarpe_hosts(format=json)'],
] as const)('believes code of the form %s more than the value %s', (form, sample, type) => {
  expect(guessType({ name: 'ALLOWED_HOSTS', sample, example: null, form }).type).toBe(type)
})
