import {Alert, Button, Group, JsonInput, Modal, Stack, Textarea, TextInput} from '@mantine/core';
import {useForm} from '@mantine/form';
import {useMutation, useQueryClient} from '@tanstack/react-query';

import {api, as_problem, body} from '../../api/client';
import type {EventType} from '../../api/shapes';

function json_rule(text: string): string | null {
  try {
    if (text.trim()) JSON.parse(text);
    return null;
  } catch {
    return 'Not JSON yet';
  }
}

function written(value: unknown): string {
  return value === null || value === undefined ? '' : JSON.stringify(value, null, 2);
}

export function EventTypeForm({type, company_id, close}: {type: EventType | 'new' | null; company_id: string; close: () => void}) {
  const queries = useQueryClient();
  const before = type === 'new' ? null : type;
  const form = useForm({
    mode: 'controlled',
    validateInputOnChange: true,
    initialValues: {name: before?.name ?? '', description: before?.description ?? '', schema: written(before?.schema), example: written(before?.example)},
    validate: {
      name: (value) => (/^[A-Za-z0-9._-]{1,128}$/.test(value) ? null : 'Letters, digits, dot, hyphen and underscore, such as order.paid'),
      schema: json_rule,
      example: json_rule,
    },
  });
  const saving = useMutation({
    mutationFn: ({name, description, schema, example}: typeof form.values) => body(api.PUT('/v1/event-types/{name}', {
      params: {path: {name}, query: {company_id}},
      body: {description, schema: schema.trim() ? (JSON.parse(schema) as Record<string, never>) : null, example: example.trim() ? (JSON.parse(example) as unknown) : null},
    })),
    onSuccess: () => { void queries.invalidateQueries({queryKey: ['event-types']}); close(); },
  });
  const problem = saving.error && as_problem(saving.error);
  return (
    <Modal opened={type !== null} onClose={close} title={before ? `Edit ${before.name}` : 'New event type'} size="lg">
      <form noValidate onSubmit={form.onSubmit((values) => saving.mutate(values))}>
        <Stack>
          <TextInput label="Name" required disabled={before !== null} placeholder="order.paid" data-autofocus {...form.getInputProps('name')} />
          <Textarea label="Description" maxLength={500} autosize minRows={2} {...form.getInputProps('description')} />
          <JsonInput label="Example" description="A body as it is delivered" autosize minRows={3} maxRows={10} {...form.getInputProps('example')} />
          <JsonInput label="Schema" description="JSON Schema, draft 7; empty, every body passes" autosize minRows={3} maxRows={14} {...form.getInputProps('schema')} />
          {problem && (
            <Alert color="red" title={problem.title}>
              {problem.errors.length > 0 ? problem.errors.map(({pointer, detail}) => <div key={pointer + detail}><b>{pointer}</b> {detail}</div>) : problem.detail}
            </Alert>
          )}
          <Group justify="flex-end"><Button variant="default" onClick={close}>Cancel</Button><Button type="submit" loading={saving.isPending}>Save</Button></Group>
        </Stack>
      </form>
    </Modal>
  );
}
