"""Who may do what, asked once a page."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Permission
from django.db.models import Model

BACKEND = "newsroom.authentication.OneStatementBackend"


class OneStatementBackend(ModelBackend):
    """Django's, which asks for what a person was given apart from what their groups were."""

    def get_all_permissions(self, user_obj: Any, obj: Model | None = None) -> set[str]:
        """As “app.codename”; none of a single object, as with Django's."""
        if not hasattr(user_obj, "_perm_cache") and self._is_ordinary(user_obj) and obj is None:
            own, groups = (
                Permission.objects.filter(**{of: user_obj.pk})
                .order_by()
                .values_list("content_type__app_label", "codename")
                for of in ("user", "group__user")
            )
            user_obj._perm_cache = {f"{app}.{name}" for app, name in own.union(groups)}
        return super().get_all_permissions(user_obj, obj)

    def _is_ordinary(self, user: Any) -> bool:
        return bool(user.is_active and not user.is_anonymous and not user.is_superuser)
