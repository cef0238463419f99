"""Let the database refuse to change, delete or empty what the audit log holds, whoever asks."""

from django.db import migrations

TABLES = ("audit_event", "audit_seal", "audit_sealed")
MAKE = """
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The audit log is only added to: % of % is refused.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;
""" + "".join(
    f"""
CREATE TRIGGER {table}_is_only_added_to BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER {table}_is_never_emptied BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
"""
    for table in TABLES
)
TAKE_AWAY = (
    "".join(
        f"DROP TRIGGER {table}_is_only_added_to ON {table}; DROP TRIGGER {table}_is_never_emptied ON {table};"
        for table in TABLES
    )
    + "DROP FUNCTION audit_refuse();"
)


class Migration(migrations.Migration):
    """Adds triggers."""

    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunSQL(MAKE, TAKE_AWAY)]
