from django.urls import include, path

from .views import facts, files, public

urlpatterns = [
    path("", public.home, name="home"),
    path("courses/", public.catalogue, name="catalogue"),
    path("facts/<str:key>/", facts.fact, name="fact"),
    path("files/<str:sha256>/<str:name>", files.content_file, name="content_file"),
    path("", include("courses.urls_studio")),
    path("", include("courses.urls_studio_courses")),
    path("", include("courses.urls_studio_facts")),
    path("", include("courses.urls_studio_layers")),
]
