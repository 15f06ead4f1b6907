-- The schema after step 30, as postgres tells it.
annotations.id uuid NOT NULL
annotations.organization_id uuid NOT NULL
annotations.page_id uuid NOT NULL
annotations.thread_id uuid NOT NULL
annotations.author_id uuid NOT NULL
annotations.selector text NOT NULL
annotations.x double precision NOT NULL
annotations.y double precision NOT NULL
annotations.quoted_text text
annotations.body text NOT NULL
annotations.created_at bigint NOT NULL
annotations.is_private boolean NOT NULL DEFAULT false
annotations.state text NOT NULL DEFAULT 'ANCHORED'::text
annotations.state_changed_at bigint
annotations.element_ids text NOT NULL DEFAULT '[]'::text
annotations.width double precision
annotations.height double precision
annotations.text_before text
annotations.text_after text
annotations annotations_author_id_fkey FOREIGN KEY (author_id) REFERENCES users(id)
annotations annotations_height_check CHECK (((height >= (0)::double precision) AND (height <= (1)::double precision)))
annotations annotations_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id)
annotations annotations_page_id_fkey FOREIGN KEY (page_id) REFERENCES pages(id)
annotations annotations_pkey PRIMARY KEY (id)
annotations annotations_thread_id_fkey FOREIGN KEY (thread_id) REFERENCES threads(id)
annotations annotations_thread_id_key UNIQUE (thread_id)
annotations annotations_width_check CHECK (((width >= (0)::double precision) AND (width <= (1)::double precision)))
annotations annotations_x_check CHECK (((x >= (0)::double precision) AND (x <= (1)::double precision)))
annotations annotations_y_check CHECK (((y >= (0)::double precision) AND (y <= (1)::double precision)))
CREATE INDEX annotations_by_page ON public.annotations USING btree (page_id, id)
CREATE UNIQUE INDEX annotations_pkey ON public.annotations USING btree (id)
CREATE UNIQUE INDEX annotations_thread_id_key ON public.annotations USING btree (thread_id)
application_keys.application_id uuid NOT NULL
application_keys.kid text NOT NULL
application_keys.algorithm text NOT NULL
application_keys.material bytea NOT NULL
application_keys.created_at bigint NOT NULL
application_keys.revoked_at bigint
application_keys application_keys_application_id_fkey FOREIGN KEY (application_id) REFERENCES applications(id)
application_keys application_keys_pkey PRIMARY KEY (application_id, kid)
CREATE UNIQUE INDEX application_keys_pkey ON public.application_keys USING btree (application_id, kid)
applications.id uuid NOT NULL
applications.name text NOT NULL
applications.created_at bigint NOT NULL
applications applications_pkey PRIMARY KEY (id)
CREATE UNIQUE INDEX applications_pkey ON public.applications USING btree (id)
attachment_blobs.digest text NOT NULL
attachment_blobs.unused_since bigint
attachment_blobs.is_removing boolean NOT NULL DEFAULT false
attachment_blobs attachment_blobs_pkey PRIMARY KEY (digest)
CREATE UNIQUE INDEX attachment_blobs_pkey ON public.attachment_blobs USING btree (digest)
CREATE INDEX attachment_blobs_unused ON public.attachment_blobs USING btree (unused_since) WHERE (unused_since IS NOT NULL)
attachments.id uuid NOT NULL
attachments.organization_id uuid NOT NULL
attachments.uploader_id uuid NOT NULL
attachments.name text NOT NULL
attachments.content_type text NOT NULL
attachments.digest text
attachments.size bigint
attachments.created_at bigint NOT NULL
attachments.thread_id uuid
attachments.message_id uuid
attachments.annotation_id uuid
attachments.is_private boolean NOT NULL DEFAULT false
attachments attachments_annotation_id_fkey FOREIGN KEY (annotation_id) REFERENCES annotations(id)
attachments attachments_annotation_id_key UNIQUE (annotation_id)
attachments attachments_message_id_fkey FOREIGN KEY (message_id) REFERENCES messages(id)
attachments attachments_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id)
attachments attachments_pkey PRIMARY KEY (id)
attachments attachments_thread_id_fkey FOREIGN KEY (thread_id) REFERENCES threads(id)
attachments attachments_uploader_id_fkey FOREIGN KEY (uploader_id) REFERENCES users(id)
CREATE UNIQUE INDEX attachments_annotation_id_key ON public.attachments USING btree (annotation_id)
CREATE INDEX attachments_by_digest ON public.attachments USING btree (digest) WHERE (digest IS NOT NULL)
CREATE INDEX attachments_by_message ON public.attachments USING btree (message_id, id) WHERE (message_id IS NOT NULL)
CREATE UNIQUE INDEX attachments_pkey ON public.attachments USING btree (id)
CREATE INDEX attachments_unsent ON public.attachments USING btree (created_at) WHERE (thread_id IS NULL)
CREATE INDEX attachments_unsent_of ON public.attachments USING btree (uploader_id) WHERE (thread_id IS NULL)
group_members.group_id uuid NOT NULL
group_members.user_id uuid NOT NULL
group_members.organization_id uuid NOT NULL
group_members group_members_group_id_fkey FOREIGN KEY (group_id) REFERENCES groups(id)
group_members group_members_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id)
group_members group_members_pkey PRIMARY KEY (group_id, user_id)
group_members group_members_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id)
CREATE INDEX group_members_by_user ON public.group_members USING btree (user_id, group_id)
CREATE UNIQUE INDEX group_members_pkey ON public.group_members USING btree (group_id, user_id)
groups.id uuid NOT NULL
groups.organization_id uuid NOT NULL
groups.external_id text NOT NULL
groups.name text NOT NULL
groups.created_at bigint NOT NULL
groups groups_organization_id_external_id_key UNIQUE (organization_id, external_id)
groups groups_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id)
groups groups_pkey PRIMARY KEY (id)
CREATE INDEX groups_by_organization ON public.groups USING btree (organization_id, id)
CREATE UNIQUE INDEX groups_organization_id_external_id_key ON public.groups USING btree (organization_id, external_id)
CREATE UNIQUE INDEX groups_pkey ON public.groups USING btree (id)
idempotency_keys.user_id uuid NOT NULL
idempotency_keys.key text NOT NULL
idempotency_keys.mutation text NOT NULL
idempotency_keys.result_id uuid NOT NULL
idempotency_keys.created_at bigint NOT NULL
idempotency_keys.input_hash bytea
idempotency_keys idempotency_keys_pkey PRIMARY KEY (user_id, key)
idempotency_keys idempotency_keys_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id)
CREATE INDEX idempotency_keys_by_age ON public.idempotency_keys USING btree (created_at)
CREATE UNIQUE INDEX idempotency_keys_pkey ON public.idempotency_keys USING btree (user_id, key)
mentions.message_id uuid NOT NULL
mentions.user_id uuid NOT NULL
mentions.organization_id uuid NOT NULL
mentions mentions_message_id_fkey FOREIGN KEY (message_id) REFERENCES messages(id)
mentions mentions_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id)
mentions mentions_pkey PRIMARY KEY (message_id, user_id)
mentions mentions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id)
CREATE INDEX mentions_by_user ON public.mentions USING btree (user_id, message_id)
CREATE UNIQUE INDEX mentions_pkey ON public.mentions USING btree (message_id, user_id)
message_edits.message_id uuid NOT NULL
message_edits.version bigint NOT NULL
message_edits.organization_id uuid NOT NULL
message_edits.content text NOT NULL
message_edits.replaced_at bigint NOT NULL
message_edits message_edits_message_id_fkey FOREIGN KEY (message_id) REFERENCES messages(id)
message_edits message_edits_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id)
message_edits message_edits_pkey PRIMARY KEY (message_id, version)
CREATE UNIQUE INDEX message_edits_pkey ON public.message_edits USING btree (message_id, version)
message_texts.message_id uuid NOT NULL
message_texts.organization_id uuid NOT NULL
message_texts.thread_id uuid NOT NULL
message_texts.words text NOT NULL
message_texts.terms tsvector DEFAULT array_to_tsvector(string_to_array(rtrim(((('@'::text || (organization_id)::text) || ' '::text) || words)), ' '::text))
message_texts.is_private boolean NOT NULL DEFAULT false
message_texts message_texts_message_id_fkey FOREIGN KEY (message_id) REFERENCES messages(id)
message_texts message_texts_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id)
message_texts message_texts_pkey PRIMARY KEY (message_id)
message_texts message_texts_thread_id_fkey FOREIGN KEY (thread_id) REFERENCES threads(id)
CREATE INDEX message_texts_newest ON public.message_texts USING btree (organization_id, message_id)
CREATE INDEX message_texts_of_thread ON public.message_texts USING btree (thread_id, message_id)
CREATE UNIQUE INDEX message_texts_pkey ON public.message_texts USING btree (message_id)
CREATE INDEX message_texts_terms ON public.message_texts USING gin (terms)
messages.id uuid NOT NULL
messages.organization_id uuid NOT NULL
messages.thread_id uuid NOT NULL
messages.sequence bigint NOT NULL
messages.author_id uuid NOT NULL
messages.content text NOT NULL
messages.created_at bigint NOT NULL
messages.version bigint NOT NULL DEFAULT 1
messages.edited_at bigint
messages.deleted_at bigint
messages.is_private boolean NOT NULL DEFAULT false
messages messages_author_id_fkey FOREIGN KEY (author_id) REFERENCES users(id)
messages messages_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id)
messages messages_pkey PRIMARY KEY (id)
messages messages_sequence_check CHECK ((sequence > 0))
messages messages_thread_id_fkey FOREIGN KEY (thread_id) REFERENCES threads(id)
messages messages_thread_id_sequence_key UNIQUE (thread_id, sequence)
CREATE INDEX messages_by_time ON public.messages USING btree (thread_id, created_at)
CREATE UNIQUE INDEX messages_pkey ON public.messages USING btree (id)
CREATE UNIQUE INDEX messages_thread_id_sequence_key ON public.messages USING btree (thread_id, sequence)
notification_preferences.user_id uuid NOT NULL
notification_preferences.kind text NOT NULL
notification_preferences.organization_id uuid NOT NULL
notification_preferences.delivery text NOT NULL
notification_preferences notification_preferences_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id)
notification_preferences notification_preferences_pkey PRIMARY KEY (user_id, kind)
notification_preferences notification_preferences_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id)
CREATE UNIQUE INDEX notification_preferences_pkey ON public.notification_preferences USING btree (user_id, kind)
notifications.id uuid NOT NULL
notifications.organization_id uuid NOT NULL
notifications.user_id uuid NOT NULL
notifications.kind text NOT NULL
notifications.message_id uuid
notifications.actor_id uuid NOT NULL
notifications.created_at bigint NOT NULL
notifications.read_at bigint
notifications.thread_id uuid NOT NULL
notifications.retracted_at bigint
notifications notifications_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES users(id)
notifications notifications_message_id_fkey FOREIGN KEY (message_id) REFERENCES messages(id)
notifications notifications_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id)
notifications notifications_pkey PRIMARY KEY (id)
notifications notifications_thread_id_fkey FOREIGN KEY (thread_id) REFERENCES threads(id)
notifications notifications_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id)
notifications notifications_user_id_message_id_key UNIQUE (user_id, message_id)
CREATE INDEX notifications_by_message ON public.notifications USING btree (message_id, user_id)
CREATE INDEX notifications_by_time ON public.notifications USING btree (user_id, created_at) WHERE (retracted_at IS NULL)
CREATE INDEX notifications_by_user ON public.notifications USING btree (user_id, id) WHERE (retracted_at IS NULL)
CREATE UNIQUE INDEX notifications_of_thread ON public.notifications USING btree (thread_id, user_id) WHERE ((message_id IS NULL) AND (retracted_at IS NULL))
CREATE UNIQUE INDEX notifications_pkey ON public.notifications USING btree (id)
CREATE INDEX notifications_unread ON public.notifications USING btree (user_id, id) WHERE ((read_at IS NULL) AND (retracted_at IS NULL))
CREATE UNIQUE INDEX notifications_user_id_message_id_key ON public.notifications USING btree (user_id, message_id)
organizations.id uuid NOT NULL
organizations.slug text NOT NULL
organizations.name text NOT NULL
organizations.secret bytea NOT NULL
organizations.created_at bigint NOT NULL
organizations.application_id uuid
organizations organizations_application_id_fkey FOREIGN KEY (application_id) REFERENCES applications(id)
organizations organizations_pkey PRIMARY KEY (id)
organizations organizations_slug_key UNIQUE (slug)
CREATE UNIQUE INDEX organizations_pkey ON public.organizations USING btree (id)
CREATE UNIQUE INDEX organizations_slug_key ON public.organizations USING btree (slug)
outbox.event_offset bigint NOT NULL
outbox.id uuid NOT NULL
outbox.organization_id uuid NOT NULL
outbox.topic text NOT NULL
outbox.kind text NOT NULL
outbox.subject_id uuid NOT NULL
outbox.created_at bigint NOT NULL
outbox.audience text
outbox outbox_id_key UNIQUE (id)
outbox outbox_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id)
outbox outbox_pkey PRIMARY KEY (event_offset)
CREATE INDEX outbox_by_topic ON public.outbox USING btree (topic, event_offset)
CREATE UNIQUE INDEX outbox_id_key ON public.outbox USING btree (id)
CREATE UNIQUE INDEX outbox_pkey ON public.outbox USING btree (event_offset)
outbox_epoch.one bigint NOT NULL
outbox_epoch.epoch uuid NOT NULL
outbox_epoch.trimmed_through bigint NOT NULL DEFAULT 0
outbox_epoch outbox_epoch_one_check CHECK ((one = 1))
outbox_epoch outbox_epoch_pkey PRIMARY KEY (one)
CREATE UNIQUE INDEX outbox_epoch_pkey ON public.outbox_epoch USING btree (one)
page_location_entries.page_id uuid NOT NULL
page_location_entries.entry text NOT NULL
page_location_entries.organization_id uuid NOT NULL
page_location_entries page_location_entries_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id)
page_location_entries page_location_entries_page_id_fkey FOREIGN KEY (page_id) REFERENCES pages(id)
page_location_entries page_location_entries_pkey PRIMARY KEY (page_id, entry)
CREATE INDEX page_location_entries_by_entry ON public.page_location_entries USING btree (organization_id, entry, page_id)
CREATE UNIQUE INDEX page_location_entries_pkey ON public.page_location_entries USING btree (page_id, entry)
page_visits.page_id uuid NOT NULL
page_visits.user_id uuid NOT NULL
page_visits.organization_id uuid NOT NULL
page_visits.seen_at bigint NOT NULL
page_visits page_visits_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id)
page_visits page_visits_page_id_fkey FOREIGN KEY (page_id) REFERENCES pages(id)
page_visits page_visits_pkey PRIMARY KEY (page_id, user_id)
page_visits page_visits_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id)
CREATE INDEX page_visits_by_time ON public.page_visits USING btree (page_id, seen_at)
CREATE UNIQUE INDEX page_visits_pkey ON public.page_visits USING btree (page_id, user_id)
pages.id uuid NOT NULL
pages.organization_id uuid NOT NULL
pages.url text NOT NULL
pages.title text
pages.created_at bigint NOT NULL
pages.location text
pages pages_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id)
pages pages_organization_id_url_key UNIQUE (organization_id, url)
pages pages_pkey PRIMARY KEY (id)
CREATE INDEX pages_by_location ON public.pages USING btree (organization_id, location, id) WHERE (location IS NOT NULL)
CREATE UNIQUE INDEX pages_organization_id_url_key ON public.pages USING btree (organization_id, url)
CREATE UNIQUE INDEX pages_pkey ON public.pages USING btree (id)
participants.thread_id uuid NOT NULL
participants.user_id uuid NOT NULL
participants.organization_id uuid NOT NULL
participants.last_read bigint NOT NULL
participants.is_subscribed boolean NOT NULL
participants.joined_at bigint NOT NULL
participants participants_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id)
participants participants_pkey PRIMARY KEY (thread_id, user_id)
participants participants_thread_id_fkey FOREIGN KEY (thread_id) REFERENCES threads(id)
participants participants_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id)
CREATE INDEX participants_by_user ON public.participants USING btree (user_id, thread_id)
CREATE UNIQUE INDEX participants_pkey ON public.participants USING btree (thread_id, user_id)
CREATE INDEX participants_subscribed ON public.participants USING btree (thread_id, user_id) WHERE is_subscribed
presence_nodes.id uuid NOT NULL
presence_nodes.beat bigint NOT NULL
presence_nodes.beaten_at bigint NOT NULL
presence_nodes.version bigint NOT NULL
presence_nodes.trimmed_through bigint NOT NULL
presence_nodes presence_nodes_pkey PRIMARY KEY (id)
CREATE UNIQUE INDEX presence_nodes_pkey ON public.presence_nodes USING btree (id)
presences.node_id uuid NOT NULL
presences.page_id uuid NOT NULL
presences.user_id uuid NOT NULL
presences.organization_id uuid NOT NULL
presences.region text
presences.exclusive_within text
presences.since bigint NOT NULL
presences.entered_at bigint NOT NULL
presences.is_present boolean NOT NULL
presences.version bigint NOT NULL
presences presences_pkey PRIMARY KEY (node_id, page_id, user_id)
CREATE INDEX presences_by_version ON public.presences USING btree (node_id, version)
CREATE UNIQUE INDEX presences_pkey ON public.presences USING btree (node_id, page_id, user_id)
reactions.message_id uuid NOT NULL
reactions.user_id uuid NOT NULL
reactions.emoji text NOT NULL
reactions.organization_id uuid NOT NULL
reactions.created_at bigint NOT NULL
reactions reactions_message_id_fkey FOREIGN KEY (message_id) REFERENCES messages(id)
reactions reactions_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id)
reactions reactions_pkey PRIMARY KEY (message_id, user_id, emoji)
reactions reactions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id)
CREATE UNIQUE INDEX reactions_pkey ON public.reactions USING btree (message_id, user_id, emoji)
schema_migrations.number bigint NOT NULL
schema_migrations.name text NOT NULL
schema_migrations.checksum text NOT NULL
schema_migrations.applied_at bigint NOT NULL
schema_migrations schema_migrations_pkey PRIMARY KEY (number)
CREATE UNIQUE INDEX schema_migrations_pkey ON public.schema_migrations USING btree (number)
sessions.id uuid NOT NULL
sessions.organization_id uuid NOT NULL
sessions.user_id uuid NOT NULL
sessions.token_hash bytea NOT NULL
sessions.created_at bigint NOT NULL
sessions.expires_at bigint NOT NULL
sessions.revoked_at bigint
sessions.previous_hash bytea
sessions.previous_until bigint
sessions.role text NOT NULL DEFAULT 'MEMBER'::text
sessions sessions_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id)
sessions sessions_pkey PRIMARY KEY (id)
sessions sessions_token_hash_key UNIQUE (token_hash)
sessions sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id)
CREATE UNIQUE INDEX sessions_by_previous_hash ON public.sessions USING btree (previous_hash) WHERE (previous_hash IS NOT NULL)
CREATE INDEX sessions_by_user ON public.sessions USING btree (user_id, id)
CREATE UNIQUE INDEX sessions_pkey ON public.sessions USING btree (id)
CREATE UNIQUE INDEX sessions_token_hash_key ON public.sessions USING btree (token_hash)
threads.id uuid NOT NULL
threads.organization_id uuid NOT NULL
threads.page_id uuid NOT NULL
threads.title text
threads.created_by uuid NOT NULL
threads.created_at bigint NOT NULL
threads.last_sequence bigint NOT NULL
threads.resolved_at bigint
threads.resolved_by uuid
threads.is_private boolean NOT NULL DEFAULT false
threads threads_created_by_fkey FOREIGN KEY (created_by) REFERENCES users(id)
threads threads_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id)
threads threads_page_id_fkey FOREIGN KEY (page_id) REFERENCES pages(id)
threads threads_pkey PRIMARY KEY (id)
threads threads_resolved_by_fkey FOREIGN KEY (resolved_by) REFERENCES users(id)
CREATE INDEX threads_by_page ON public.threads USING btree (page_id, id)
CREATE INDEX threads_by_time ON public.threads USING btree (page_id, created_at)
CREATE UNIQUE INDEX threads_pkey ON public.threads USING btree (id)
used_tokens.organization_id uuid NOT NULL
used_tokens.jti text NOT NULL
used_tokens.expires_at bigint NOT NULL
used_tokens used_tokens_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id)
used_tokens used_tokens_pkey PRIMARY KEY (organization_id, jti)
CREATE INDEX used_tokens_by_age ON public.used_tokens USING btree (expires_at)
CREATE UNIQUE INDEX used_tokens_pkey ON public.used_tokens USING btree (organization_id, jti)
users.id uuid NOT NULL
users.organization_id uuid NOT NULL
users.external_id text NOT NULL
users.name text NOT NULL
users.email text
users.created_at bigint NOT NULL
users.removed_at bigint
users.role text NOT NULL DEFAULT 'MEMBER'::text
users users_organization_id_external_id_key UNIQUE (organization_id, external_id)
users users_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id)
users users_pkey PRIMARY KEY (id)
CREATE INDEX users_by_organization ON public.users USING btree (organization_id, id)
CREATE UNIQUE INDEX users_organization_id_external_id_key ON public.users USING btree (organization_id, external_id)
CREATE UNIQUE INDEX users_pkey ON public.users USING btree (id)
webhook_deliveries.id uuid NOT NULL
webhook_deliveries.organization_id uuid NOT NULL
webhook_deliveries.notification_id uuid NOT NULL
webhook_deliveries.user_id uuid NOT NULL
webhook_deliveries.kind text NOT NULL
webhook_deliveries.thread_id uuid NOT NULL
webhook_deliveries.message_id uuid
webhook_deliveries.created_at bigint NOT NULL
webhook_deliveries.state text NOT NULL
webhook_deliveries.attempts bigint NOT NULL
webhook_deliveries.due_at bigint NOT NULL
webhook_deliveries.last_error text
webhook_deliveries webhook_deliveries_pkey PRIMARY KEY (id)
CREATE INDEX webhook_deliveries_due ON public.webhook_deliveries USING btree (state, due_at)
CREATE UNIQUE INDEX webhook_deliveries_pkey ON public.webhook_deliveries USING btree (id)
