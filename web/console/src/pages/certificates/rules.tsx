import {Alert, Button, Group, Modal, NumberInput, Stack, TagsInput, Text, Textarea, TextInput} from '@mantine/core';
import {useForm} from '@mantine/form';
import {useMutation, useQuery, useQueryClient} from '@tanstack/react-query';
import {Plus, ScrollText} from 'lucide-react';
import {useState, type ReactNode} from 'react';

import {api, as_problem, body} from '../../api/client';
import {useLocalPages} from '../../api/pages';
import type {CertificateRule} from '../../api/shapes';
import {AdminOnly} from '../../parts/admin_only';
import {Act} from '../../parts/act';
import {Asked, Empty} from '../../parts/states';
import {PagedTable, type Column} from '../../parts/table';
import {usePlace} from '../../shell/environment_frame';

const object_id = /^[0-9a-f]{24}$/;

function RuleForm({rule, close}: {rule: CertificateRule | null; close: () => void}) {
  const {integration_id} = usePlace();
  const queries = useQueryClient();
  const form = useForm({
    mode: 'controlled',
    validateInputOnChange: true,
    initialValues: {name: rule?.name ?? '', description: rule?.description ?? '', owner_id: rule?.owner_id ?? '', validity_days: rule?.validity_days ?? 365, lessons: rule?.lessons ?? []},
    validate: {
      name: (value) => (value.trim() ? null : 'A name is needed'),
      owner_id: (value) => (object_id.test(value) ? null : '24 hex characters'),
      validity_days: (value) => (Number.isInteger(value) && value >= 0 && value <= 36_500 ? null : 'From 0 to 36,500 days'),
      lessons: (value) => (value.length > 0 && value.every((each) => object_id.test(each)) ? null : 'At least one, each of 24 hex characters'),
    },
  });
  const saving = useMutation({
    mutationFn: (values: typeof form.values) => {
      const query = {integration_id};
      return body(rule
        ? api.PATCH('/v1/certificate-rules/{id}', {params: {path: {id: rule.id}, query}, body: values})
        : api.POST('/v1/certificate-rules', {params: {query}, body: values}));
    },
    onSuccess: () => { void queries.invalidateQueries({queryKey: ['certificate-rules']}); close(); },
    onError: (error) => form.setErrors(Object.fromEntries(as_problem(error).errors.map(({pointer, detail}) => [pointer.split('/')[1] ?? '', detail]))),
  });
  return (
    <form noValidate onSubmit={form.onSubmit((values) => saving.mutate(values))}>
      <Stack>
        <TextInput label="Name" required maxLength={120} data-autofocus {...form.getInputProps('name')} />
        <Textarea label="Description" maxLength={500} autosize minRows={2} {...form.getInputProps('description')} />
        <TagsInput label="Lessons" description="All of them have to be completed" required splitChars={[',', ' ']} {...form.getInputProps('lessons')} />
        <Group grow align="flex-start">
          <TextInput label="Owner id" description="Who awards" required {...form.getInputProps('owner_id')} />
          <NumberInput label="Valid for" description="0: for ever" suffix=" days" min={0} clampBehavior="none" {...form.getInputProps('validity_days')} />
        </Group>
        {saving.error && Object.keys(form.errors).length === 0 && <Alert color="red">{as_problem(saving.error).message}</Alert>}
        <Group justify="flex-end"><Button variant="default" onClick={close}>Cancel</Button><Button type="submit" loading={saving.isPending}>Save</Button></Group>
      </Stack>
    </form>
  );
}

function List({rules, columns, make}: {rules: CertificateRule[]; columns: Column<CertificateRule>[]; make: ReactNode}) {
  const pages = useLocalPages(rules, 50);
  return <PagedTable label="Rules" pages={pages} columns={columns} row_key={(row) => row.id} empty={<Empty icon={ScrollText} title="No rule yet" action={make}>A rule names the lessons that a certificate asks for.</Empty>} />;
}

export function Rules() {
  const {integration_id} = usePlace();
  const [edited, set_edited] = useState<CertificateRule | 'new' | null>(null);
  const query = useQuery({queryKey: ['certificate-rules', integration_id], queryFn: () => body(api.GET('/v1/certificate-rules', {params: {query: {integration_id}}}))});
  const make = <AdminOnly><Button leftSection={<Plus size={16} />} onClick={() => set_edited('new')}>New rule</Button></AdminOnly>;
  const columns: Column<CertificateRule>[] = [
    {title: 'Rule', wide: true, cell: (row) => <><Text span size="sm" fw={550}>{row.name}</Text>{row.description && <Text size="xs" c="dimmed" truncate>{row.description}</Text>}</>},
    {title: 'Lessons', right: true, cell: (row) => row.lessons.length},
    {title: 'Valid for', right: true, cell: (row) => (row.validity_days ? `${row.validity_days} days` : 'ever')},
    {title: '', right: true, cell: (row) => (
      <Group gap={4} wrap="nowrap" justify="flex-end">
        <AdminOnly><Button size="compact-xs" variant="default" onClick={() => set_edited(row)}>Edit</Button></AdminOnly>
        <Act size="compact-xs" variant="subtle" color="red" ask={() => body(api.DELETE('/v1/certificate-rules/{id}', {params: {path: {id: row.id}, query: {integration_id}}}))} touches={[['certificate-rules']]} done="Deleted" sure={{title: `Delete ${row.name}?`, says: 'Its certificates stay, and can be renewed.'}}>Delete</Act>
      </Group>
    )},
  ];
  return (
    <>
      <Group justify="flex-end" mb="md">{make}</Group>
      <Asked query={query}>{({data}) => <List rules={data} columns={columns} make={make} />}</Asked>
      <Modal opened={edited !== null} onClose={() => set_edited(null)} title={edited === 'new' ? 'New rule' : 'Change the rule'}>
        {edited !== null && <RuleForm rule={edited === 'new' ? null : edited} close={() => set_edited(null)} />}
      </Modal>
    </>
  );
}
