// The parts of an endpoint's form, each about one question.
import {ActionIcon, Button, Checkbox, Group, NumberInput, Paper, PasswordInput, SegmentedControl, Select, SimpleGrid, Stack, Switch, TagsInput, Text, Textarea, TextInput, Title} from '@mantine/core';
import type {UseFormReturnType} from '@mantine/form';
import {Plus, Trash2} from 'lucide-react';
import type {ReactNode} from 'react';

import type {Endpoint} from '../../api/shapes';
import {duration} from '../../parts/duration';
import {schedule_of, type AuthType, type Scheme, type Values} from './form_values';

export type EndpointForm = UseFormReturnType<Values>;

export function Section({title, says, children}: {title: string; says: string; children: ReactNode}) {
  return (
    <Paper p="md" component="section" aria-label={title}>
      <Title order={2}>{title}</Title>
      <Text size="sm" c="dimmed" mb="md">{says}</Text>
      <Stack>{children}</Stack>
    </Paper>
  );
}

export function Target({form, types, kind}: {form: EndpointForm; types: string[]; kind: Endpoint['kind']}) {
  return (
    <Section title="Where and what" says="The receiver’s address, and the events that go there.">
      <TextInput label="URL" placeholder="https://example.com/webhooks" required {...form.getInputProps('url')} />
      <TextInput label="Description" description="What your team calls it" maxLength={500} {...form.getInputProps('description')} />
      <TagsInput
        label="Event types" description="Exact names, prefix.* or * for all" data={['*', ...(kind === 'events' ? types : ['endpoint.*', 'delivery.failed'])]} maxTags={100} splitChars={[',', ' ']}
        {...form.getInputProps('event_types')}
      />
    </Section>
  );
}

export function Filter({form}: {form: EndpointForm}) {
  return (
    <Section title="Filter" says="Of the events of these types, only those whose payload passes.">
      <Textarea
        label="Filter by payload" description="JSON; empty, all go" autosize minRows={2} maxRows={14} styles={{input: {fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 13}}}
        placeholder={'{"pointer": "/event/details/calculated/score", "ge": 700}'} {...form.getInputProps('filter')}
      />
    </Section>
  );
}

export function Answer({form}: {form: EndpointForm}) {
  return (
    <Section title="What counts as delivered" says="Redirects are never followed, and never a success.">
      <Group align="flex-start" gap="xl">
        <div>
          <Text size="sm" fw={500} mb={4}>Success</Text>
          <SegmentedControl data={[{value: '200', label: '200 only'}, {value: '2xx', label: 'Any 2xx'}]} aria-label="Success" {...form.getInputProps('success')} />
        </div>
        <NumberInput label="Time limit" description="Of the whole exchange" suffix=" ms" step={500} min={1000} max={30_000} clampBehavior="none" thousandSeparator="," w={200} {...form.getInputProps('timeout_ms')} />
      </Group>
    </Section>
  );
}

const auth_types: [AuthType, string][] = [
  ['none', 'None'], ['bearer_token', 'Bearer token'], ['basic_auth', 'User name and password'], ['api_key', 'API key in a header'], ['oauth2', 'OAuth 2 client credentials'],
];

export function Authentication({form}: {form: EndpointForm}) {
  const {authType} = form.values.auth;
  return (
    <Section title="Authentication" says="How the receiver knows who calls. Secrets are kept encrypted and never shown again.">
      <Select label="Kind" maw={320} allowDeselect={false} data={auth_types.map(([value, label]) => ({value, label}))} {...form.getInputProps('auth.authType')} />
      <SimpleGrid cols={{base: 1, sm: 2}}>
        {authType === 'bearer_token' && <PasswordInput label="Token" autoComplete="off" {...form.getInputProps('auth.token')} />}
        {authType === 'basic_auth' && <><TextInput label="User name" autoComplete="off" {...form.getInputProps('auth.username')} /><PasswordInput label="Password" autoComplete="new-password" {...form.getInputProps('auth.password')} /></>}
        {authType === 'api_key' && <><TextInput label="Header" placeholder="X-Api-Key" {...form.getInputProps('auth.header')} /><PasswordInput label="Value" autoComplete="off" {...form.getInputProps('auth.value')} /></>}
        {authType === 'oauth2' && (
          <>
            <TextInput label="Token URL" {...form.getInputProps('auth.token_url')} /><TextInput label="Scope" {...form.getInputProps('auth.scope')} />
            <TextInput label="Client id" autoComplete="off" {...form.getInputProps('auth.client_id')} /><PasswordInput label="Client secret" autoComplete="off" {...form.getInputProps('auth.client_secret')} />
          </>
        )}
      </SimpleGrid>
      <Switch label="Show a client certificate (mTLS)" {...form.getInputProps('certificate.use', {type: 'checkbox'})} />
      {form.values.certificate.use && (
        <SimpleGrid cols={{base: 1, sm: 2}}>
          <Textarea label="Certificate" description="PEM; the chain above it follows" rows={6} ff="monospace" {...form.getInputProps('certificate.certificate_pem')} />
          <Textarea label="Private key" description="PEM, without a passphrase" rows={6} ff="monospace" {...form.getInputProps('certificate.key_pem')} />
        </SimpleGrid>
      )}
    </Section>
  );
}

const schemes: [Scheme, string, string][] = [
  ['x_signature', 'X-Signature', 'HMAC-SHA-512 by the integration’s API key'],
  ['standard_v1', 'Standard Webhooks v1', 'HMAC-SHA-256 by a secret of its own'],
  ['standard_v1a', 'Standard Webhooks v1a', 'Ed25519: receivers need only the public key'],
];

export function Signatures({form}: {form: EndpointForm}) {
  return (
    <Section title="Signature" says="How the receiver knows that nobody changed what was sent. A secret that is made is shown once.">
      <Checkbox.Group aria-label="Signature" {...form.getInputProps('signatures')}>
        <Stack gap="sm">{schemes.map(([value, label, description]) => <Checkbox key={value} value={value} label={label} description={description} />)}</Stack>
      </Checkbox.Group>
      <SimpleGrid cols={{base: 1, sm: 2}}>
        {schemes.filter(([scheme]) => scheme !== 'x_signature' && form.values.signatures.includes(scheme)).map(([scheme, name]) => (
          <PasswordInput key={scheme} label={`A secret of your own for ${name}`} description="Empty: the present one stays, a missing one is made" placeholder={scheme === 'standard_v1' ? 'whsec_…' : 'whsk_…'} autoComplete="off" {...form.getInputProps(`secrets.${scheme}`)} />
        ))}
      </SimpleGrid>
    </Section>
  );
}

export function Headers({form}: {form: EndpointForm}) {
  const {headers} = form.values;
  return (
    <Section title="Custom headers" says="Sent with every delivery, at most 20. Values are kept encrypted and never shown again: *** stands for the stored one and keeps it. Those of the connection and of signatures are refused.">
      {headers.map((_, at) => (
        <Group key={at} gap="xs" wrap="nowrap">
          <TextInput aria-label={`Name of header ${at + 1}`} placeholder="X-Name" style={{flex: 1}} {...form.getInputProps(`headers.${at}.name`)} />
          <PasswordInput aria-label={`Value of header ${at + 1}`} placeholder="value" autoComplete="off" style={{flex: 2}} {...form.getInputProps(`headers.${at}.value`)} />
          <ActionIcon variant="subtle" color="gray" aria-label={`Remove header ${at + 1}`} onClick={() => form.removeListItem('headers', at)}><Trash2 size={16} /></ActionIcon>
        </Group>
      ))}
      {form.errors.headers && <Text size="sm" c="red">{form.errors.headers}</Text>}
      <Button variant="default" size="xs" w="fit-content" leftSection={<Plus size={14} />} disabled={headers.length >= 20} onClick={() => form.insertListItem('headers', {name: '', value: ''})}>Add a header</Button>
    </Section>
  );
}

export function Retries({form}: {form: EndpointForm}) {
  const steps = schedule_of(form.values.retry.schedule_s);
  const sum = steps.every(Number.isFinite) ? steps.reduce((all, step) => all + step, 0) : 0;
  return (
    <Section title="Retries" says="Each wait is counted from the try before, and prolonged by up to a fifth.">
      <TextInput label="Seconds before each try" description={`${steps.length} tries over ${duration(sum)}`} {...form.getInputProps('retry.schedule_s')} />
      <Select
        label="Retry on" maw={420} allowDeselect={false} {...form.getInputProps('retry.on')}
        data={[{value: 'any_failure', label: 'Any failure'}, {value: 'status', label: 'What may pass: 408, 425, 429, 5xx and broken connections'}]}
      />
    </Section>
  );
}

export function Pace({form}: {form: EndpointForm}) {
  return (
    <Section title="Order and pace" says="What is beyond the pace waits; nothing is dropped.">
      <SimpleGrid cols={{base: 1, sm: 2}}>
        <Select label="Order" allowDeselect={false} data={[{value: 'none', label: 'None: as fast as it goes'}, {value: 'uid', label: 'By uid: a later event waits for the earlier'}]} {...form.getInputProps('order')} />
        {form.values.order === 'uid' && <NumberInput label="Hold up at most" description="0: as long as it takes" suffix=" s" min={0} clampBehavior="none" thousandSeparator="," {...form.getInputProps('order_wait_max_s')} />}
        <NumberInput label="Requests at once" min={1} max={256} clampBehavior="none" {...form.getInputProps('in_flight_max')} />
      </SimpleGrid>
      <Switch label="Limit the rate" {...form.getInputProps('rate_limit.use', {type: 'checkbox'})} />
      {form.values.rate_limit.use && (
        <SimpleGrid cols={{base: 1, sm: 2}}>
          <NumberInput label="Requests a second" min={1} max={10_000} clampBehavior="none" {...form.getInputProps('rate_limit.per_second')} />
          <NumberInput label="At once after a pause" min={1} max={100_000} clampBehavior="none" {...form.getInputProps('rate_limit.burst')} />
        </SimpleGrid>
      )}
    </Section>
  );
}

export function Health({form}: {form: EndpointForm}) {
  return (
    <Section title="Health" says="When a failing endpoint is left alone but for probes, and when it is given up.">
      <SimpleGrid cols={{base: 1, sm: 2, md: 4}}>
        <NumberInput label="Failures" min={1} clampBehavior="none" {...form.getInputProps('health.failures_min')} />
        <NumberInput label="Being this share" suffix=" %" min={1} max={100} clampBehavior="none" {...form.getInputProps('health.failure_percent_min')} />
        <NumberInput label="Within" suffix=" s" min={1} clampBehavior="none" {...form.getInputProps('health.window_s')} />
        <NumberInput label="Disable after" description={form.values.health.disable_after_s ? duration(form.values.health.disable_after_s) : 'never'} inputWrapperOrder={['label', 'input', 'description', 'error']} suffix=" s" min={0} clampBehavior="none" thousandSeparator="," {...form.getInputProps('health.disable_after_s')} />
      </SimpleGrid>
    </Section>
  );
}
