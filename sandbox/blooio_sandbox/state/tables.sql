-- Times are epoch milliseconds of the sandbox's clock; a time in the future has not happened yet.
CREATE TABLE IF NOT EXISTS sends (
    send_id INTEGER PRIMARY KEY,
    chat_id TEXT NOT NULL,
    idempotency_key TEXT,
    body TEXT NOT NULL,
    response TEXT NOT NULL,
    accepted_at INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS sends_by_key ON sends (idempotency_key) WHERE idempotency_key IS NOT NULL;

CREATE TABLE IF NOT EXISTS messages (
    position INTEGER PRIMARY KEY,
    message_id TEXT NOT NULL UNIQUE,
    chat_id TEXT NOT NULL,
    direction TEXT NOT NULL,
    own_number TEXT NOT NULL,
    sender TEXT,
    text TEXT,
    formatted_text TEXT,
    attachments TEXT NOT NULL,
    idempotency_key TEXT,
    protocol TEXT NOT NULL,
    accepted_at INTEGER NOT NULL,
    sent_at INTEGER,
    delivered_at INTEGER,
    failed_at INTEGER,
    cancelled_at INTEGER,
    read_at INTEGER,
    error_code TEXT,
    error_message TEXT,
    effect TEXT,
    reply_to TEXT
);
CREATE INDEX IF NOT EXISTS messages_by_chat ON messages (chat_id, position);
CREATE INDEX IF NOT EXISTS messages_unread ON messages (chat_id, delivered_at)
    WHERE direction = 'outbound' AND read_at IS NULL;

CREATE TABLE IF NOT EXISTS reactions (
    message_id TEXT NOT NULL,
    sender TEXT NOT NULL,
    reaction TEXT NOT NULL,
    is_added INTEGER NOT NULL,
    time_sent INTEGER NOT NULL,
    PRIMARY KEY (message_id, sender, reaction)
);

CREATE TABLE IF NOT EXISTS polls (
    poll_id TEXT PRIMARY KEY,
    chat_id TEXT NOT NULL,
    title TEXT,
    options TEXT NOT NULL,
    sent_at INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS votes (
    poll_id TEXT NOT NULL,
    voter TEXT NOT NULL,
    option TEXT NOT NULL,
    PRIMARY KEY (poll_id, voter)
);

CREATE TABLE IF NOT EXISTS contacts (
    contact_id TEXT PRIMARY KEY,
    identifier TEXT NOT NULL,
    name TEXT,
    created_at INTEGER NOT NULL,
    deleted_at INTEGER
);
CREATE UNIQUE INDEX IF NOT EXISTS contacts_by_identifier ON contacts (identifier) WHERE deleted_at IS NULL;
CREATE TABLE IF NOT EXISTS contact_tags (
    contact_id TEXT NOT NULL,
    tag TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (contact_id, tag)
);

CREATE TABLE IF NOT EXISTS groups (
    group_id TEXT PRIMARY KEY,
    name TEXT,
    chat_guid TEXT,
    icon_url TEXT,
    participants_key TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    deleted_at INTEGER
);
CREATE TABLE IF NOT EXISTS group_members (
    group_id TEXT NOT NULL,
    identifier TEXT NOT NULL,
    added_at INTEGER NOT NULL,
    PRIMARY KEY (group_id, identifier)
);

CREATE TABLE IF NOT EXISTS phones (
    identifier TEXT PRIMARY KEY,
    protocol TEXT NOT NULL,
    is_online INTEGER NOT NULL,
    error_code TEXT
);
CREATE TABLE IF NOT EXISTS typing (
    chat_id TEXT PRIMARY KEY,
    started_at INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS phone_typing (
    chat_id TEXT NOT NULL,
    identifier TEXT NOT NULL,
    PRIMARY KEY (chat_id, identifier)
);
CREATE TABLE IF NOT EXISTS files (
    file_id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    content_type TEXT NOT NULL,
    content BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS read_receipts (
    chat_id TEXT PRIMARY KEY,
    marked_at INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS staged_cards (
    chat_id TEXT PRIMARY KEY
);
CREATE TABLE IF NOT EXISTS backgrounds (
    chat_id TEXT PRIMARY KEY,
    background_id TEXT,
    version INTEGER NOT NULL,
    digest TEXT
);
CREATE TABLE IF NOT EXISTS contact_cards (
    number TEXT PRIMARY KEY,
    first_name TEXT,
    last_name TEXT
);
CREATE TABLE IF NOT EXISTS locations (
    handle TEXT PRIMARY KEY,
    latitude REAL NOT NULL,
    longitude REAL NOT NULL,
    status TEXT NOT NULL,
    last_updated INTEGER NOT NULL
);

CREATE TABLE IF NOT EXISTS webhooks (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    webhook_id TEXT NOT NULL UNIQUE,
    webhook_url TEXT NOT NULL UNIQUE,
    webhook_type TEXT NOT NULL,
    payload TEXT,
    attachments TEXT,
    batches TEXT,
    sparse INTEGER,
    signing_secret TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    valid_until INTEGER NOT NULL,
    deprecated_at INTEGER,
    last_triggered INTEGER,
    failure_count INTEGER NOT NULL DEFAULT 0,
    rotation_count INTEGER NOT NULL DEFAULT 0
);
-- The id and the body of an event may be set once a webhook needs them, since most events are never delivered.
CREATE TABLE IF NOT EXISTS events (
    position INTEGER PRIMARY KEY,
    event_id TEXT,
    event TEXT NOT NULL,
    message_id TEXT,
    body TEXT,
    due_at INTEGER NOT NULL,
    is_published INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX IF NOT EXISTS events_by_id ON events (event_id) WHERE event_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS events_to_publish ON events (due_at) WHERE is_published = 0;
CREATE TABLE IF NOT EXISTS deliveries (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    event_id TEXT NOT NULL,
    webhook_id TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    due_at INTEGER,
    stale_by REAL NOT NULL DEFAULT 0,
    is_forged INTEGER NOT NULL DEFAULT 0,
    is_held INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS deliveries_to_make ON deliveries (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS deliveries_held ON deliveries (webhook_id) WHERE is_held;
CREATE INDEX IF NOT EXISTS deliveries_waiting ON deliveries (event_id, webhook_id) WHERE due_at IS NOT NULL;
CREATE TABLE IF NOT EXISTS webhook_logs (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    webhook_id TEXT NOT NULL,
    event_id TEXT NOT NULL,
    original_event_id TEXT,
    attempted_time INTEGER NOT NULL,
    response_received_at INTEGER,
    webhook_url TEXT NOT NULL,
    event TEXT NOT NULL,
    message_id TEXT,
    body TEXT NOT NULL,
    response_status INTEGER,
    response_json TEXT,
    error TEXT,
    signature TEXT NOT NULL,
    duration_ms INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS webhook_logs_by_event ON webhook_logs (webhook_id, event_id, position);
